package io.couplet.local.run;

import io.couplet.advantage.AdvantageJob;
import io.couplet.config.RunConfig;
import io.couplet.evaluation.EvaluationJob;
import io.couplet.learner.LearnerJob;
import io.couplet.local.cluster.LocalCluster.JobDefinition;
import io.couplet.reward.RewardJob;
import io.couplet.rollout.RolloutJob;
import java.util.ArrayList;
import java.util.List;

/** The jobs of a run, upstream first. */
final class RunJobs {
  /** How many there are at most. */
  static final int COUNT = 5;

  /**
   * A job.
   *
   * @param name name in the web UI; its id derives from it
   */
  record Job(String name, JobDefinition definition) {}

  private RunJobs() {}

  /** The jobs as they are to be submitted. */
  static List<Job> of(RunConfig config) {
    List<Job> jobs = new ArrayList<>();
    jobs.add(new Job(name(config, RolloutJob.NAME), env -> RolloutJob.define(config, env)));
    jobs.add(new Job(name(config, RewardJob.NAME), env -> RewardJob.define(config, env)));
    jobs.add(new Job(name(config, AdvantageJob.NAME), env -> AdvantageJob.define(config, env)));
    jobs.add(new Job(name(config, LearnerJob.NAME), env -> LearnerJob.define(config, env)));
    if (config.evaluation().every() > 0) {
      jobs.add(new Job(name(config, EvaluationJob.NAME), env -> EvaluationJob.define(config, env)));
    }
    return List.copyOf(jobs);
  }

  private static String name(RunConfig config, String job) {
    return config.name() + " " + job;
  }

  /** Names of the jobs without which no update is made. */
  static List<String> updating(RunConfig config) {
    return of(config).stream()
        .map(Job::name)
        .filter(name -> !name.equals(name(config, EvaluationJob.NAME)))
        .toList();
  }
}
