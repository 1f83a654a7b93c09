package io.couplet.evaluation;

import io.couplet.analysis.ArNessSummary;
import io.couplet.analysis.PassAtK;
import io.couplet.evaluation.ProblemResult.JudgedSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What an evaluation found.
 *
 * @param passAt k to the mean over problems of the unbiased pass@k; a problem with fewer than k
 *     judged samples is left out of that mean, and a k that no problem has samples for is absent
 * @param arNess mean AR-ness over all samples, up to and including the stop token, by name ({@code
 *     local@1/asc} ...); undefined values are left out
 * @param judged samples with a verdict about the program
 * @param passed samples that passed every case
 * @param unfinished problems that no worker could complete
 */
public record EvaluationReport(
    List<ProblemResult> problems,
    Map<Integer, Double> passAt,
    Map<String, Double> arNess,
    int judged,
    int passed,
    int unfinished) {

  static EvaluationReport of(EvaluationSettings settings, List<ProblemResult> results) {
    Map<Integer, Double> passAt = new LinkedHashMap<>();
    for (int k : settings.passAt()) {
      OptionalDouble mean = meanPassAt(k, results);
      if (mean.isPresent()) {
        passAt.put(k, mean.getAsDouble());
      }
    }
    return new EvaluationReport(
        List.copyOf(results),
        passAt,
        arNess(results),
        results.stream().mapToInt(ProblemResult::judged).sum(),
        results.stream().mapToInt(ProblemResult::passed).sum(),
        (int) results.stream().filter(result -> result.failure() != null).count());
  }

  private static OptionalDouble meanPassAt(int k, List<ProblemResult> results) {
    return results.stream()
        .filter(result -> result.judged() >= k)
        .mapToDouble(result -> PassAtK.estimate(result.judged(), result.passed(), k))
        .average();
  }

  private static Map<String, Double> arNess(List<ProblemResult> results) {
    ArNessSummary summary = new ArNessSummary();
    for (ProblemResult result : results) {
      for (JudgedSample sample : result.samples()) {
        summary.add(sample.stepMap(), sample.confidences(), sample.stepMap().length);
      }
    }
    Map<String, Double> defined = new LinkedHashMap<>();
    summary
        .means()
        .forEach(
            (name, value) -> {
              if (!value.isNaN()) {
                defined.put(name, value);
              }
            });
    return defined;
  }
}
