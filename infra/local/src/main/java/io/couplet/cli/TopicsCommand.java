package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.config.RunConfig;
import io.couplet.local.run.ClusterRun;
import io.couplet.local.run.RunConfiguration;
import io.couplet.local.topics.RunConnection;
import io.couplet.schemas.TopicSurvey;
import io.couplet.schemas.TopicSurvey.Layout;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet topics}: the topics of a run, for runs on a cluster. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    subcommands = {TopicsCommand.Create.class, TopicsCommand.ListTopics.class},
    description =
        "Makes and lists the topics of a run. Local mode makes its own; a run on a cluster needs"
            + " them before its jobs are submitted.")
final class TopicsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do: create or list.");
  }

  /** {@code topics create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Makes the topics of a run on the brokers of kafka.bootstrap_servers, publishes the record"
            + " schemas and registers the built-in reward sources. What exists is checked and left"
            + " as it is, so it does no harm to repeat it.",
        "Keeps the configuration in runs/NAME, so that ledger, inspect, rewards, problems send,"
            + " dead-letters, replay and fork find the run by its name."
      })
  static final class Create implements Callable<Integer> {
    @Option(
        names = {"--name", "--run"},
        paramLabel = "R",
        description = "Name of the run (default: the configuration's).")
    private Optional<String> name = Optional.empty();

    @Option(
        names = "--config",
        paramLabel = "F",
        description = "YAML file, the same that the jobs are submitted with.")
    private Optional<Path> config = Optional.empty();

    @Option(
        names = "--set",
        paramLabel = "a.b=c",
        description = "One configuration key; may be repeated.")
    private List<String> settings = List.of();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      RunConfig resolved = RunConfiguration.resolve(name, config, settings);
      ClusterRun.prepare(resolved);
      spec.commandLine()
          .getOut()
          .printf(
              "The topics of the run '%s' are on %s.%n",
              resolved.name(), resolved.kafka().bootstrapServers());
      return 0;
    }
  }

  /** {@code topics list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the topics of a run with their partitions, replicas and records.")
  static final class ListTopics implements Callable<Integer> {
    @Mixin private RunOption run;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      ObjectMapper mapper = new ObjectMapper();
      try (RunConnection connection = RunConnection.open(run.directory());
          TopicSurvey survey = new TopicSurvey(connection.kafka(), connection.topics(), PATIENCE)) {
        for (Layout topic : survey.layouts()) {
          out.println(json ? mapper.writeValueAsString(topic) : line(topic));
        }
      }
      out.flush();
      return 0;
    }

    private static String line(Layout topic) {
      return String.format(
          Locale.ROOT,
          "%-40s %3d partition(s) %3d replica(s) %10d records",
          topic.topic(),
          topic.partitions(),
          topic.replicas(),
          topic.records());
    }
  }
}
