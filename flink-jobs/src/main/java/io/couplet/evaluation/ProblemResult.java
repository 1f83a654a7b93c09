package io.couplet.evaluation;

import io.couplet.sandbox.Verdict;
import java.util.List;

/**
 * What became of one problem.
 *
 * @param samples in member order; empty when no worker could complete the problem
 * @param failure why there are no samples, or null
 */
public record ProblemResult(String problemId, List<JudgedSample> samples, String failure) {

  /**
   * One completion with its verdict.
   *
   * @param stepMap [L], -1 where the tail was filled
   * @param confidences [L]
   */
  public record JudgedSample(
      int member, String text, int[] stepMap, float[] confidences, Verdict verdict) {}

  public ProblemResult {
    samples = List.copyOf(samples);
  }

  /** Samples with a verdict about the program; a failure of the sandbox or the tests is not one. */
  public int judged() {
    return (int) samples.stream().filter(sample -> aboutProgram(sample.verdict())).count();
  }

  private static boolean aboutProgram(Verdict verdict) {
    return verdict instanceof Verdict.Invalid invalid
        ? invalid.programAtFault()
        : verdict.passRate().isPresent();
  }

  /** Samples that passed every case. */
  public int passed() {
    return (int) samples.stream().filter(s -> s.verdict() instanceof Verdict.Passed).count();
  }
}
