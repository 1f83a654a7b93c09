package io.couplet.submission;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.serde.RunStreams;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * Entry point of the job jar, for {@code flink run} and application mode: submits the jobs of a run
 * to a cluster. Each job has a checkpoint directory of its own and goes on from the newest
 * checkpoint in it, unless {@code flink run -s} says where. A session cluster that runs a job of
 * the same name refuses it. A replay of the run is submitted the same way and ends by itself.
 */
public final class SubmitJobs {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private SubmitJobs() {}

  /** Arguments: see {@link Submission#USAGE}. */
  public static void main(String[] arguments) throws Exception {
    Submission submission = Submission.parse(arguments);
    ReadableConfig cluster =
        StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
    requireTopics(submission.config());
    if (submission instanceof Submission.OfReplay replay) {
      SubmitReplay.submit(replay, cluster);
    } else if (submission instanceof Submission.OfJobs jobs) {
      submit(jobs, cluster);
    }
  }

  private static void submit(Submission.OfJobs submission, ReadableConfig cluster)
      throws Exception {
    RunConfig config = submission.config();
    boolean told = cluster.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
    if (told && submission.jobs().size() > 1) {
      throw new ConfigException(
          "A savepoint belongs to one job: say which with --job, and submit the others without a"
              + " savepoint");
    }
    RunningJobs.requireNone(
        submission.jobs().stream().map(job -> job.nameIn(config)).toList(), cluster);
    for (RunJob job : submission.jobs()) {
      submit(config, job, cluster, told);
    }
  }

  private static void requireTopics(RunConfig config) {
    try (TopicProvisioner topics =
        new TopicProvisioner(
            RunStreams.connection(config),
            RunStreams.topics(config),
            config.partitions(),
            config.kafka().replicationFactor(),
            PATIENCE)) {
      topics.requireRun();
    }
  }

  private static void submit(RunConfig config, RunJob job, ReadableConfig cluster, boolean told)
      throws Exception {
    String name = job.nameIn(config);
    Configuration settings = settings(config, cluster);
    String checkpoints = checkpoints(config, job, cluster);
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
    Optional<String> newest =
        told ? Optional.empty() : RetainedCheckpoints.in(checkpoints).newestReadable();
    if (newest.isPresent()) {
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, newest.get());
      settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
    }
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings);
    job.define(config, environment);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(name);
    JobClient submitted = environment.executeAsync(graph);
    System.out.println(
        "Submitted '"
            + name
            + "' as job "
            + submitted.getJobID()
            + newest.map(checkpoint -> ", which goes on from " + checkpoint).orElse(""));
  }

  /** Directory of the job's checkpoints, whatever its id: below the cluster's own. */
  private static String checkpoints(RunConfig config, RunJob job, ReadableConfig cluster) {
    String all =
        cluster
            .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "execution.checkpointing.dir is not set in Flink's configuration, so that"
                            + " nothing of the jobs would outlive a failure: set it to a directory"
                            + " that every machine of the cluster reaches"));
    return (all.endsWith("/") ? all : all + "/") + RunStreams.topics(config).name(job.stage());
  }

  /** The run's own settings and, where the cluster's configuration is silent, what jobs need. */
  private static Configuration settings(RunConfig config, ReadableConfig cluster) {
    Configuration settings = JobDefaults.whereSilent(cluster);
    SealedCheckpointStorage.choose(settings, cluster);
    settings.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(config.flink().checkpointIntervalMs()));
    return settings;
  }
}
