package io.couplet.evaluation;

import io.couplet.analysis.PassAtK;
import io.couplet.config.RunConfig;
import io.couplet.schemas.EvaluatedProblem;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Tallies as a record of the topic evals. */
final class EvaluationRecords {
  private static final int USUAL_K = 10;

  private EvaluationRecords() {}

  static Evaluation of(
      RunConfig config, Policy policy, List<ProblemTally> tallies, double seconds) {
    return Evaluation.newBuilder()
        .setRun(config.name())
        .setVersion(policy.getVersion())
        .setStep(policy.getStep())
        .setPolicySha256(policy.getSha256())
        .setSamples(config.evaluation().samples())
        .setTemperature((float) config.evaluation().temperature())
        .setPassAt(passAt(config.evaluation().samples(), tallies))
        .setArNess(ArNessMeans.of(tallies))
        .setProblems(
            tallies.stream()
                .map(t -> new EvaluatedProblem(t.problemId(), t.judged(), t.passed()))
                .toList())
        .setSeconds(seconds)
        .setCreatedMs(System.currentTimeMillis())
        .build();
  }

  /** Mean of the unbiased pass@k over the problems with at least k judged samples. */
  static Map<String, Double> passAt(int samples, List<ProblemTally> tallies) {
    Map<String, Double> passAt = new LinkedHashMap<>();
    TreeSet<Integer> ks = new TreeSet<>(List.of(1, Math.min(USUAL_K, samples), samples));
    for (int k : ks) {
      tallies.stream()
          .filter(tally -> tally.judged() >= k)
          .mapToDouble(tally -> PassAtK.estimate(tally.judged(), tally.passed(), k))
          .average()
          .ifPresent(mean -> passAt.put(Integer.toString(k), mean));
    }
    return passAt;
  }
}
