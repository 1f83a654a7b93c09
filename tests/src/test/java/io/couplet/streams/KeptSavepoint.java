package io.couplet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.submission.JobDefaults;
import io.couplet.submission.RunJob;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The savepoints of every job that an earlier Couplet made, kept in the test resources, and how
 * jobs are started from them.
 *
 * @param keep whether savepoints are made and kept instead of restored
 */
record KeptSavepoint(MiniCluster cluster, Path scratch, boolean keep) {
  private static final Path KEPT = Path.of("src/test/resources/savepoints");
  private static final long SECONDS = 60;

  /** Where the states of the run began: the folders of {@link #KEPT} are versions of them. */
  private static final String VERSION = "1";

  /** Starts a job of a run from the kept savepoint, or from nothing when one is to be made. */
  JobID start(RunJob job, StreamsFixture.Run run) throws Exception {
    return submit(
        job,
        run,
        keep
            ? SavepointRestoreSettings.none()
            : SavepointRestoreSettings.forPath(
                folder(job).toUri().toString(), false, RecoveryClaimMode.NO_CLAIM));
  }

  /** Starts a job of a run from nothing. */
  JobID fresh(RunJob job, StreamsFixture.Run run) throws Exception {
    return submit(job, run, SavepointRestoreSettings.none());
  }

  private JobID submit(RunJob job, StreamsFixture.Run run, SavepointRestoreSettings from)
      throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(
            Configuration.fromMap(JobDefaults.settings()));
    environment.setParallelism(1);
    job.define(run.config, environment);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(job.nameIn(run.config));
    graph.setJobId(new JobID());
    graph.setSavepointRestoreSettings(from);
    return cluster.submitJob(graph).get(SECONDS, TimeUnit.SECONDS).getJobID();
  }

  void cancel(JobID id) throws Exception {
    cluster.cancelJob(id).get(SECONDS, TimeUnit.SECONDS);
    cluster.requestJobResult(id).get(SECONDS, TimeUnit.SECONDS);
  }

  /** Cancels what still runs. */
  void cancelAll() throws Exception {
    for (JobStatusMessage job : cluster.listJobs().get(SECONDS, TimeUnit.SECONDS)) {
      if (!job.getJobState().isGloballyTerminalState()) {
        cancel(job.getJobId());
      }
    }
  }

  /** Stops a job with a savepoint, and holds its operators and states against the kept list. */
  void stop(RunJob job, JobID id) throws Exception {
    Path savepoint =
        Path.of(
            URI.create(
                cluster
                    .stopWithSavepoint(
                        id,
                        scratch.resolve(job.stage()).toUri().toString(),
                        false,
                        SavepointFormatType.CANONICAL)
                    .get(SECONDS, TimeUnit.SECONDS)));
    if (keep) {
      Files.createDirectories(folder(job));
      try (Stream<Path> files = Files.list(savepoint)) {
        assertThat(files).as("a savepoint of little state is one file").hasSize(1);
      }
      Files.copy(savepoint.resolve("_metadata"), folder(job).resolve("_metadata"));
      Files.write(operators(job), SavepointContents.of(savepoint));
    }
    assertThat(SavepointContents.of(savepoint))
        .as(
            "operators and states of the %s job, held against %s. A savepoint is restored by these"
                + " names: give an operator or state that changed its old name back. If it is new"
                + " or gone on purpose, change the file, and keep the savepoints of before.",
            job.stage(), operators(job))
        .isEqualTo(Files.readAllLines(operators(job)));
  }

  private static Path operators(RunJob job) {
    return KEPT.resolve(job.stage() + "-operators.txt");
  }

  private static Path folder(RunJob job) {
    return KEPT.resolve(VERSION).resolve(job.stage()).toAbsolutePath();
  }
}
