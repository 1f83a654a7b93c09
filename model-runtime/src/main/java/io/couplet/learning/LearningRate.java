package io.couplet.learning;

/**
 * Learning rate over the steps of a run: linear warm-up, then constant or along a cosine.
 *
 * @param peak above 0
 * @param warmupSteps steps of linear warm-up; 0 for none
 * @param cosineSteps step at which the cosine has reached its end and stays there; 0 keeps the peak
 * @param finalShare share of the peak at the end of the cosine, 0 to 1
 */
public record LearningRate(double peak, long warmupSteps, long cosineSteps, double finalShare) {
  public LearningRate {
    if (!(peak > 0 && Double.isFinite(peak))) {
      throw new IllegalArgumentException("The learning rate must be above 0, not " + peak);
    }
    if (warmupSteps < 0 || cosineSteps < 0 || (cosineSteps > 0 && cosineSteps < warmupSteps)) {
      throw new IllegalArgumentException(
          "Warm-up and cosine steps must not be negative and the warm-up must end before the"
              + " cosine, found "
              + warmupSteps
              + " and "
              + cosineSteps);
    }
    if (!(finalShare >= 0 && finalShare <= 1)) {
      throw new IllegalArgumentException(
          "The final share of the learning rate must be between 0 and 1, not " + finalShare);
    }
  }

  public static LearningRate constant(double peak, long warmupSteps) {
    return new LearningRate(peak, warmupSteps, 0, 1);
  }

  /** The rate of a step, counted from 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      return peak * (step + 1) / warmupSteps;
    }
    if (cosineSteps == 0) {
      return peak;
    }
    double progress =
        Math.min(1, (step - warmupSteps) / (double) Math.max(1, cosineSteps - warmupSteps));
    double cosine = (1 + StrictMath.cos(Math.PI * progress)) / 2;
    return peak * (finalShare + (1 - finalShare) * cosine);
  }
}
