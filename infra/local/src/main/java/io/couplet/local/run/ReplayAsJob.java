package io.couplet.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.config.RunConfig;
import io.couplet.local.cluster.ClusterSettings;
import io.couplet.local.cluster.LocalCluster;
import io.couplet.local.process.FreePorts;
import io.couplet.local.topics.RunConnection;
import io.couplet.replay.ReplayJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Replays a run as a Flink job in a mini cluster that lives as long as the job. */
public final class ReplayAsJob {
  private static final Duration NO_CHECKPOINT_COMES = Duration.ofDays(1);

  private ReplayAsJob() {}

  /**
   * Runs the job to its end.
   *
   * @param web is told the address of the web UI
   * @return the job's report
   * @throws IOException in a sentence when the job ended without one
   */
  public static JsonNode run(RunConnection run, long from, Optional<Long> to, Consumer<String> web)
      throws Exception {
    RunConfig config = RecordedRun.live(run);
    Path scratch = run.directory().scratch().resolve("replay-job");
    ClusterSettings settings =
        new ClusterSettings(
            scratch.resolve("checkpoints"),
            scratch,
            Path.of(
                System.getProperty(
                    "log.file", run.directory().logs().resolve("run.log").toString())),
            FreePorts.any(),
            FreePorts.any(),
            1,
            1,
            NO_CHECKPOINT_COMES);
    try (LocalCluster cluster = LocalCluster.start(settings)) {
      web.accept(cluster.web());
      String name = ReplayJob.nameIn(config);
      cluster.submit(name, environment -> ReplayJob.define(config, from, to, environment));
      LocalCluster.Ended ended = cluster.awaitEnd(name);
      return ReplayJob.report(ended.accumulators(), ended.failure());
    }
  }
}
