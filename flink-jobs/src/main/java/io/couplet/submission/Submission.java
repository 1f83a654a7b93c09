package io.couplet.submission;

import io.couplet.config.ConfigException;
import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the arguments of the job jar ask for.
 *
 * @param jobs the jobs to submit, upstream first
 */
record Submission(RunConfig config, List<RunJob> jobs) {
  static final String USAGE =
      "--config FILE [--set a.b=c]... [--job rollout|reward|advantage|learner|evaluation]...";

  Submission {
    jobs = List.copyOf(jobs);
  }

  /**
   * Reads the arguments; without {@code --job} all jobs of the run are meant.
   *
   * @throws ConfigException in a sentence that says what is wrong
   */
  static Submission parse(String... arguments) {
    Optional<Path> file = Optional.empty();
    List<String> settings = new ArrayList<>();
    List<RunJob> jobs = new ArrayList<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String option = arguments[i];
      if (i + 1 == arguments.length) {
        throw new ConfigException("The argument " + option + " needs a value. Usage: " + USAGE);
      }
      String value = arguments[i + 1];
      switch (option) {
        case "--config" -> file = Optional.of(Path.of(value));
        case "--set" -> settings.add(value);
        case "--job" -> jobs.add(job(value));
        default -> throw new ConfigException("Unknown argument '" + option + "'. Usage: " + USAGE);
      }
    }
    RunConfig config = file.map(ConfigYaml::read).orElseGet(RunConfig::defaults);
    config = ConfigYaml.with(config, settings);
    requireReachable(config);
    return new Submission(config, jobs.isEmpty() ? RunJob.of(config) : jobs);
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
                        + Arrays.stream(RunJob.values())
                            .map(RunJob::stage)
                            .collect(Collectors.joining(", "))));
  }

  /** What local mode chooses by itself must be said for a cluster. */
  private static void requireReachable(RunConfig config) {
    require(
        !config.kafka().bootstrapServers().isBlank(),
        "kafka.bootstrap_servers is empty: name the brokers, host:port,...");
    require(
        !config.workers().endpoints().isEmpty(),
        "workers.endpoints is empty: start diffusion workers (couplet worker) and name them,"
            + " host:port");
    fromEverywhere("policy.store", config.policy().store());
    fromEverywhere("policy.initial", config.policy().initial());
    if (!config.policy().trainerState().isEmpty()) {
      fromEverywhere("policy.trainer_state", config.policy().trainerState());
    }
    if (!config.evaluation().source().equals("families")) {
      fromEverywhere("evaluation.source", config.evaluation().source());
    }
  }

  private static void fromEverywhere(String key, String value) {
    require(
        value.startsWith("/") || value.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*"),
        key
            + " is '"
            + value
            + "', but on a cluster it must mean the same on every machine: a URI (file:///shared/x,"
            + " s3://bucket/x) or an absolute path");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ConfigException(otherwise);
    }
  }
}
