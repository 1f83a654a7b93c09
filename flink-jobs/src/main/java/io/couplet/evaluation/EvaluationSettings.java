package io.couplet.evaluation;

import io.couplet.decoding.DecodingSettings;
import io.couplet.policy.PolicyReference;
import io.couplet.problems.PromptTemplate;
import java.time.Duration;
import java.util.List;

/**
 * What to evaluate and how.
 *
 * @param run names the random streams, with the seed
 * @param samples completions per problem, at least the largest of {@code passAt}
 * @param passAt values of k, each at least 1
 * @param caseTimeoutMs time limit of one test case where the problem has none of its own
 * @param groupsInFlight problems that are decoded at the same time
 * @param deadline of one problem's completions
 */
public record EvaluationSettings(
    String run,
    long seed,
    PolicyReference policy,
    DecodingSettings decoding,
    PromptTemplate template,
    int samples,
    List<Integer> passAt,
    int caseTimeoutMs,
    int groupsInFlight,
    Duration deadline) {
  public EvaluationSettings {
    passAt = passAt.stream().distinct().sorted().toList();
    if (samples < 1 || caseTimeoutMs < 1 || groupsInFlight < 1) {
      throw new IllegalArgumentException(
          "samples, time limit and groups in flight must be at least 1, found %d, %d and %d"
              .formatted(samples, caseTimeoutMs, groupsInFlight));
    }
    for (int k : passAt) {
      if (k < 1 || k > samples) {
        throw new IllegalArgumentException(
            "pass@%d cannot be estimated from %d samples per problem; k goes from 1 to the samples"
                .formatted(k, samples));
      }
    }
  }
}
