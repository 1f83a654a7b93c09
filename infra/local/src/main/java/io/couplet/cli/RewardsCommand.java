package io.couplet.cli;

import io.couplet.config.RunConfig;
import io.couplet.local.inspect.AvroJson;
import io.couplet.local.inspect.RewardSources;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicWriter;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code couplet rewards}: the reward sources of a run. */
@Command(
    name = "rewards",
    mixinStandardHelpOptions = true,
    subcommands = {
      RewardsCommand.Add.class,
      RewardsCommand.Remove.class,
      RewardsCommand.ListSources.class
    },
    description =
        "Adds, removes and lists reward sources. A change takes effect for groups opened afterwards,"
            + " without a restart.")
final class RewardsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Say what to do: add, remove or list.");
  }

  /** {@code rewards add}. */
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description =
          "Registers a source and makes its topic, PREFIX.RUN.rewards.NAME. Adding a name again"
              + " changes its weight, deadline and range.")
  static final class Add implements Callable<Integer> {
    @Mixin private RunOption run;

    @Parameters(paramLabel = "NAME", description = "Letters, digits, hyphens and underscores.")
    private String name;

    @Option(
        names = "--weight",
        required = true,
        paramLabel = "W",
        description = "Factor of this source in a member's reward.")
    private double weight;

    @Option(
        names = "--required",
        description = "A group waits for this source and is incomplete without it.")
    private boolean required;

    @Option(
        names = "--deadline",
        paramLabel = "D",
        defaultValue = "60s",
        converter = Durations.class,
        description =
            "How long a group waits after its last rollout, as in 500ms, 30s (default:"
                + " ${DEFAULT-VALUE}).")
    private Duration deadline;

    @Option(
        names = "--min",
        paramLabel = "X",
        defaultValue = "0",
        description = "Smaller values are refused (default: ${DEFAULT-VALUE}).")
    private double minimum;

    @Option(
        names = "--max",
        paramLabel = "X",
        defaultValue = "1",
        description = "Larger values are refused (default: ${DEFAULT-VALUE}).")
    private double maximum;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      if (!Double.isFinite(weight)) {
        throw new BadInputException("--weight must be a finite number, not " + weight);
      }
      if (!(minimum < maximum && Double.isFinite(minimum) && Double.isFinite(maximum))) {
        throw new BadInputException(
            "--min must be below --max and both finite, not " + minimum + " and " + maximum);
      }
      Topic<?> topic = Topic.rewards(name);
      try (RunConnection connection = RunConnection.open(run.directory())) {
        RunConfig config = connection.config();
        try (TopicProvisioner provisioner =
                new TopicProvisioner(
                    connection.kafka(),
                    connection.topics(),
                    config.partitions(),
                    config.kafka().replicationFactor(),
                    PATIENCE);
            TopicWriter writer = new TopicWriter(connection.kafka(), connection.topics())) {
          provisioner.provision(topic);
          writer.send(Topic.REWARD_SOURCES, List.of(source()));
          writer.flush();
        }
        spec.commandLine()
            .getOut()
            .printf(
                "Source '%s' counts for groups opened from now on. Write Reward records to the topic"
                    + " %s, key = group id.%n",
                name, topic.in(connection.topics()));
      }
      return 0;
    }

    private RewardSource source() {
      return RewardSource.newBuilder()
          .setName(name)
          .setWeight(weight)
          .setRequired(required)
          .setDeadlineMs(deadline.toMillis())
          .setMinimum(minimum)
          .setMaximum(maximum)
          .build();
    }
  }

  /** {@code rewards remove}. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Removes a source; groups that are open already still wait for it.")
  static final class Remove implements Callable<Integer> {
    @Mixin private RunOption run;

    @Parameters(paramLabel = "NAME", description = "A name that 'rewards list' shows.")
    private String name;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      try (RunConnection connection = RunConnection.open(run.directory())) {
        Map<String, RewardSource> present = RewardSources.inForce(connection);
        if (!present.containsKey(name)) {
          throw new BadInputException(
              "The run '"
                  + run.directory().name()
                  + "' has no reward source '"
                  + name
                  + "'; it has "
                  + String.join(", ", present.keySet())
                  + ".");
        }
        try (TopicWriter writer = new TopicWriter(connection.kafka(), connection.topics())) {
          writer.sendTombstone(Topic.REWARD_SOURCES, name);
          writer.flush();
        }
      }
      spec.commandLine()
          .getOut()
          .printf("Source '%s' does not count for groups opened from now on.%n", name);
      return 0;
    }
  }

  /** {@code rewards list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the sources in force.")
  static final class ListSources implements Callable<Integer> {
    @Mixin private RunOption run;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      try (RunConnection connection = RunConnection.open(run.directory())) {
        for (RewardSource source : RewardSources.inForce(connection).values()) {
          if (json) {
            out.println(AvroJson.of(source));
          } else {
            out.printf(
                "%-16s weight %g  %s  deadline %d ms  range [%g, %g]%n",
                source.getName(),
                source.getWeight(),
                source.getRequired() ? "required" : "optional",
                source.getDeadlineMs(),
                source.getMinimum(),
                source.getMaximum());
          }
        }
      }
      return 0;
    }
  }
}
