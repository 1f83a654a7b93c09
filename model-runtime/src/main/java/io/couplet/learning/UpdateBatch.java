package io.couplet.learning;

import io.couplet.grpo.CompletedPrompt;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples to learn from, and of each the sequence that is scored.
 *
 * @param samples those of a group beside each other
 */
record UpdateBatch(List<TrainingSample> samples, List<CompletedPrompt> sequences) {
  /**
   * @param innerIterations rows that the behaviour scores of a sample must have
   * @throws IllegalArgumentException the batch is empty, or behaviour scores do not fit
   */
  static UpdateBatch of(List<TrainingSample> samples, int innerIterations) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("An update needs at least one sample");
    }
    List<CompletedPrompt> sequences = new ArrayList<>();
    for (TrainingSample sample : samples) {
      check(sample, innerIterations);
      sequences.add(
          new CompletedPrompt(
              sample.group(), sample.member(), sample.promptIds(), sample.completionIds()));
    }
    return new UpdateBatch(samples, sequences);
  }

  private static void check(TrainingSample sample, int innerIterations) {
    float[][] scores = sample.behaviourScores();
    int length = sample.completionIds().length;
    if (scores.length != innerIterations) {
      throw new IllegalArgumentException(
          "Member %d of group %s has behaviour scores for %d inner iterations, the learner makes %d"
              .formatted(sample.member(), sample.group(), scores.length, innerIterations));
    }
    for (float[] row : scores) {
      if (row.length != length) {
        throw new IllegalArgumentException(
            "Member %d of group %s has %d completion tokens but %d behaviour scores"
                .formatted(sample.member(), sample.group(), length, row.length));
      }
    }
  }

  int size() {
    return samples.size();
  }

  /** Samples from (inclusive) to (exclusive). */
  UpdateBatch part(int from, int to) {
    return new UpdateBatch(samples.subList(from, to), sequences.subList(from, to));
  }
}
