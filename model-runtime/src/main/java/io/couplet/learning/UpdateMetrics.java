package io.couplet.learning;

import io.couplet.learning.UpdateReport.Outcome;

/** Gathers the metrics of an update over its inner iterations and micro-batches. */
final class UpdateMetrics {
  private static final int KL = 0;
  private static final int KL_MAX = 1;
  private static final int CLIPPED_LOW = 2;
  private static final int CLIPPED_HIGH = 3;
  private static final int RATIO_MAX = 4;

  private final long tokens;
  private final double learningRate;
  private final long startNanos;
  private int iterations;
  private double loss;
  private double kl;
  private double klMax;
  private double clippedLow;
  private double clippedHigh;
  private double ratioMax;
  private double gradientNorm;
  private double gatheredSeconds;

  UpdateMetrics(long tokens, double learningRate, long startNanos) {
    this.tokens = tokens;
    this.learningRate = learningRate;
    this.startNanos = startNanos;
  }

  /** Time of computing before the update began. */
  void gathered(double seconds) {
    gatheredSeconds = seconds;
  }

  /**
   * @param normalisation what the step's sums over tokens still have to be multiplied by
   */
  void add(TrainableWeights.Step step, double normalisation) {
    iterations++;
    loss += step.loss();
    gradientNorm = Math.max(gradientNorm, step.norm());
    for (float[] metrics : step.metrics()) {
      kl += metrics[KL] * normalisation;
      klMax = Math.max(klMax, metrics[KL_MAX]);
      clippedLow += metrics[CLIPPED_LOW];
      clippedHigh += metrics[CLIPPED_HIGH];
      ratioMax = Math.max(ratioMax, metrics[RATIO_MAX]);
    }
  }

  UpdateReport updated(long updates) {
    return report(Outcome.UPDATED, null, updates, loss / iterations, gradientNorm);
  }

  UpdateReport skipped(long updates, int innerIteration, TrainableWeights.Step step) {
    String reason =
        "inner iteration %d: loss %s, gradient norm %s"
            .formatted(innerIteration + 1, step.loss(), step.norm());
    return report(Outcome.SKIPPED_NON_FINITE, reason, updates, step.loss(), step.norm());
  }

  private UpdateReport report(
      Outcome outcome, String reason, long updates, double meanLoss, double norm) {
    double looked = Math.max(1, (double) tokens * iterations);
    return new UpdateReport(
        outcome,
        reason,
        updates,
        meanLoss,
        kl / Math.max(1, iterations),
        klMax,
        clippedLow / looked,
        clippedHigh / looked,
        ratioMax,
        norm,
        learningRate,
        tokens,
        gatheredSeconds,
        (System.nanoTime() - startNanos) / 1e9);
  }
}
