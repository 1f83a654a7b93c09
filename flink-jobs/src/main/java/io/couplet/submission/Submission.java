package io.couplet.submission;

import io.couplet.config.ConfigException;
import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.replay.ReplayJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the arguments of the job jar ask for. */
sealed interface Submission {
  String USAGE =
      "--config FILE [--set a.b=c]... [--job rollout|reward|advantage|learner|evaluation]... |"
          + " --config FILE [--set a.b=c]... --job replay [--from N] [--to N]";

  RunConfig config();

  /**
   * Jobs that make the run go on.
   *
   * @param jobs upstream first
   */
  record OfJobs(RunConfig config, List<RunJob> jobs) implements Submission {
    public OfJobs {
      jobs = List.copyOf(jobs);
    }
  }

  /**
   * A replay of the run.
   *
   * @param from first step to compare
   * @param to last step to compare; the ledger's last one if empty
   */
  record OfReplay(RunConfig config, long from, Optional<Long> to) implements Submission {}

  /**
   * Reads the arguments; without {@code --job} all jobs of the run are meant.
   *
   * @throws ConfigException in a sentence that says what is wrong
   */
  static Submission parse(String... arguments) {
    Optional<Path> file = Optional.empty();
    List<String> settings = new ArrayList<>();
    List<String> stages = new ArrayList<>();
    Optional<Long> from = Optional.empty();
    Optional<Long> to = Optional.empty();
    for (int i = 0; i < arguments.length; i += 2) {
      String option = arguments[i];
      if (i + 1 == arguments.length) {
        throw new ConfigException("The argument " + option + " needs a value. Usage: " + USAGE);
      }
      String value = arguments[i + 1];
      switch (option) {
        case "--config" -> file = Optional.of(Path.of(value));
        case "--set" -> settings.add(value);
        case "--job" -> stages.add(value);
        case "--from" -> from = Optional.of(step(option, value));
        case "--to" -> to = Optional.of(step(option, value));
        default -> throw new ConfigException("Unknown argument '" + option + "'. Usage: " + USAGE);
      }
    }
    RunConfig config = file.map(ConfigYaml::read).orElseGet(RunConfig::defaults);
    config = ConfigYaml.with(config, settings);
    if (stages.contains(ReplayJob.NAME)) {
      require(
          stages.size() == 1,
          "A replay is submitted alone: --job replay and no other --job. Usage: " + USAGE);
      ClusterReach.requireForReplay(config);
      return new OfReplay(config, from.orElse(0L), to);
    }
    require(
        from.isEmpty() && to.isEmpty(),
        "--from and --to say which steps a replay compares: give --job replay, too");
    List<RunJob> jobs = stages.stream().map(Submission::job).toList();
    ClusterReach.requireForJobs(config);
    return new OfJobs(config, jobs.isEmpty() ? RunJob.of(config) : jobs);
  }

  private static long step(String option, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ConfigException(option + " is '" + value + "', but a step is a whole number", e);
    }
  }

  private static RunJob job(String stage) {
    return Arrays.stream(RunJob.values())
        .filter(job -> job.stage().equals(stage))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "There is no job '"
                        + stage
                        + "'; a run has "
                        + Stream.concat(
                                Arrays.stream(RunJob.values()).map(RunJob::stage),
                                Stream.of(ReplayJob.NAME))
                            .collect(Collectors.joining(", "))));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ConfigException(otherwise);
    }
  }
}
