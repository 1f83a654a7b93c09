package io.couplet.learner;

/**
 * What an update reports.
 *
 * @param finite false when the gradient was not and the update was skipped as a whole
 * @param reason why it was skipped; null when it was not
 * @param kl mean k3 KL to the reference over trained tokens
 * @param clipLowShare share of trained tokens at the ratio's floor, 0..1
 * @param clipHighShare share of trained tokens at the ratio's ceiling, 0..1
 * @param gradientNorm before clipping
 * @param tokens trained tokens of the batch
 * @param gatheredSeconds in which something was computed for it before its last group came
 */
public record UpdateSummary(
    boolean finite,
    String reason,
    double learningRate,
    double loss,
    double kl,
    double klMax,
    double clipLowShare,
    double clipHighShare,
    double ratioMax,
    double gradientNorm,
    long tokens,
    double gatheredSeconds) {}
