package io.couplet.submission;

import io.couplet.advantage.AdvantageJob;
import io.couplet.config.RunConfig;
import io.couplet.evaluation.EvaluationJob;
import io.couplet.learner.LearnerJob;
import io.couplet.reward.RewardJob;
import io.couplet.rollout.RolloutJob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The jobs that a run consists of, upstream first. The same ones in local mode and on a cluster.
 */
public enum RunJob {
  ROLLOUT(RolloutJob.NAME, RolloutJob::define),
  REWARD(RewardJob.NAME, RewardJob::define),
  ADVANTAGE(AdvantageJob.NAME, AdvantageJob::define),
  LEARNER(LearnerJob.NAME, LearnerJob::define),
  EVALUATION(EvaluationJob.NAME, EvaluationJob::define);

  private final String stage;
  private final Definition definition;

  private interface Definition {
    void define(RunConfig config, StreamExecutionEnvironment environment);
  }

  RunJob(String stage, Definition definition) {
    this.stage = stage;
    this.definition = definition;
  }

  /** The jobs that a run needs; the evaluation job only when evaluation is on. */
  public static List<RunJob> of(RunConfig config) {
    return Arrays.stream(values())
        .filter(job -> job != EVALUATION || config.evaluation().every() > 0)
        .toList();
  }

  /** What the job is called on a command line. */
  public String stage() {
    return stage;
  }

  /** Whether no update is made without the job. */
  public boolean updates() {
    return this != EVALUATION;
  }

  /** Adds the job's operators to an environment. */
  public void define(RunConfig config, StreamExecutionEnvironment environment) {
    definition.define(config, environment);
  }

  /** Name in the web UI. */
  public String nameIn(RunConfig config) {
    return config.name() + " " + stage;
  }

  /** Fixed id of the job of that name, by which it finds its checkpoints again. */
  public static JobID idOf(String name) {
    try {
      return new JobID(
          MessageDigest.getInstance("MD5").digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
