package io.couplet.pretraining;

/**
 * Where a pre-training run is.
 *
 * @param step steps made
 * @param loss the weighted objective of this step
 * @param maskedCrossEntropy unweighted mean of -log p over the masked tokens of this step, nats
 * @param gradientNorm before clipping
 * @param tokensPerSecond since this process began or resumed
 * @param secondsLeft at that rate
 */
public record PretrainingProgress(
    long step,
    long steps,
    double loss,
    double maskedCrossEntropy,
    double gradientNorm,
    double learningRate,
    double tokensPerSecond,
    double secondsLeft) {}
