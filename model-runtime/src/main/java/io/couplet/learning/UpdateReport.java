package io.couplet.learning;

/**
 * What an update did.
 *
 * @param reason why it was skipped; null when it was not
 * @param step updates made so far, this one included; unchanged by a skipped one
 * @param loss mean over the inner iterations, as kl
 * @param kl mean k3 KL to the reference over the tokens with loss; 0 without a reference
 * @param klMax the largest of a single token: the k3 estimate of these scores spikes
 * @param clipLowShare share of tokens whose ratio was below the floor with a negative advantage
 * @param clipHighShare share of tokens whose ratio was above the ceiling with a positive advantage
 * @param ratioMax the largest ratio of a token
 * @param gradientNorm before clipping, the largest of the inner iterations
 * @param tokens with loss
 * @param gatheredSeconds in which something was computed for it before it began
 * @param seconds the update took
 */
public record UpdateReport(
    Outcome outcome,
    String reason,
    long step,
    double loss,
    double kl,
    double klMax,
    double clipLowShare,
    double clipHighShare,
    double ratioMax,
    double gradientNorm,
    double learningRate,
    long tokens,
    double gatheredSeconds,
    double seconds) {
  public enum Outcome {
    UPDATED,
    /** Loss or gradient was NaN or infinite; nothing of the learner's state has changed. */
    SKIPPED_NON_FINITE
  }
}
