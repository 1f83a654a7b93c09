package io.couplet.submission;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.replay.ReplayJob;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.ExceptionUtils;

/**
 * Submits the replay of a run to a cluster. Attached, it waits for the end, prints what was found,
 * and fails unless every hash was compared and equal. It writes nothing of the run, so the run may
 * go on meanwhile.
 */
final class SubmitReplay {
  private SubmitReplay() {}

  /**
   * @throws IOException in a sentence when the replay, waited for, did not verify the run
   */
  static void submit(Submission.OfReplay replay, ReadableConfig cluster) throws Exception {
    if (cluster.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent()) {
      throw new ConfigException(
          "A replay starts from a step of the ledger, not from a savepoint: say which with --from");
    }
    RunConfig config = replay.config();
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(JobDefaults.whereSilent(cluster));
    ReplayJob.define(config, replay.from(), replay.to(), environment);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(ReplayJob.nameIn(config));
    JobClient job = environment.executeAsync(graph);
    System.out.println("Submitted '" + graph.getJobName() + "' as job " + job.getJobID());
    if (cluster.get(DeploymentOptions.ATTACHED)) {
      tell(awaitReport(job, graph.getJobName()));
    } else {
      System.out.println(
          "It finishes when every hash was compared and equal, and fails otherwise. What it finds"
              + " is its accumulator "
              + ReplayJob.REPORT
              + " and a line in the log of its TaskManager.");
    }
  }

  private static JsonNode awaitReport(JobClient job, String name) throws Exception {
    try {
      return ReplayJob.report(
          job.getJobExecutionResult().get().getAllAccumulatorResults(), Optional.empty());
    } catch (ExecutionException e) {
      String failure =
          "The job '"
              + name
              + "' has failed: "
              + FailureCause.of(ExceptionUtils.stringifyException(e));
      return ReplayJob.report(accumulators(job), Optional.of(failure));
    }
  }

  /** Those of a job that has failed; none when the cluster does not know the job any more. */
  private static Map<String, Object> accumulators(JobClient job) throws InterruptedException {
    try {
      return job.getAccumulators().get();
    } catch (ExecutionException e) {
      return Map.of();
    }
  }

  private static void tell(JsonNode report) throws IOException {
    String sentence = report.path("sentence").asText();
    System.out.println(sentence);
    if (!report.path("verified").asBoolean()) {
      throw new IOException(sentence);
    }
  }
}
