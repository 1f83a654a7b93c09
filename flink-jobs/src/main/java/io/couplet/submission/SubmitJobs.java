package io.couplet.submission;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.serde.RunStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
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
 * to a cluster. Each job has the id that its name gives, so that no run has the same job twice on
 * one cluster, and goes on from its newest retained checkpoint, unless {@code flink run -s} says
 * where.
 */
public final class SubmitJobs {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private SubmitJobs() {}

  /** Arguments: see {@link Submission#USAGE}. */
  public static void main(String[] arguments) throws Exception {
    Submission submission = Submission.parse(arguments);
    RunConfig config = submission.config();
    ReadableConfig cluster =
        StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();
    boolean told = cluster.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
    if (told && submission.jobs().size() > 1) {
      throw new ConfigException(
          "A savepoint belongs to one job: say which with --job, and submit the others without a"
              + " savepoint");
    }
    requireTopics(config);
    for (RunJob job : submission.jobs()) {
      submit(config, job, cluster, told);
    }
  }

  private static void requireTopics(RunConfig config) {
    try (TopicProvisioner topics =
        new TopicProvisioner(
            RunStreams.connection(config),
            RunStreams.topics(config),
            config.kafka().partitions(),
            config.kafka().replicationFactor(),
            PATIENCE)) {
      topics.requireRun();
    }
  }

  private static void submit(RunConfig config, RunJob job, ReadableConfig cluster, boolean told)
      throws Exception {
    String name = job.nameIn(config);
    JobID id = RunJob.idOf(name);
    Configuration settings = settings(config, cluster);
    if (!told) {
      newestCheckpoint(cluster, name, id)
          .ifPresent(
              checkpoint -> {
                settings.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
                settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
              });
    }
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings);
    job.define(config, environment);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(name);
    graph.setJobId(id);
    JobClient submitted = environment.executeAsync(graph);
    System.out.println(
        "Submitted '"
            + name
            + "' as job "
            + submitted.getJobID()
            + settings
                .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
                .map(checkpoint -> ", which goes on from " + checkpoint)
                .orElse(""));
  }

  /** The run's own settings and, where the cluster's configuration is silent, what jobs need. */
  private static Configuration settings(RunConfig config, ReadableConfig cluster) {
    Configuration settings = new Configuration();
    var present = cluster.toMap();
    JobDefaults.settings()
        .forEach(
            (key, value) -> {
              if (!present.containsKey(key)) {
                settings.setString(key, value);
              }
            });
    settings.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(config.flink().checkpointIntervalMs()));
    return settings;
  }

  private static Optional<String> newestCheckpoint(ReadableConfig cluster, String name, JobID id)
      throws IOException {
    String checkpoints =
        cluster
            .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "execution.checkpointing.dir is not set in Flink's configuration, so that"
                            + " nothing of the job '"
                            + name
                            + "' would outlive a failure: set it to a directory that every machine"
                            + " of the cluster reaches"));
    return new RetainedCheckpoints(checkpoints, id).newestReadable();
  }
}
