package io.couplet.local.progress;

import io.couplet.schemas.Evaluation;

/**
 * Result of a held-out evaluation.
 *
 * @param step updates behind the evaluated policy
 * @param passAt1 unbiased pass@1 in [0, 1]
 */
public record HeldOut(long step, double passAt1) {
  static HeldOut of(Evaluation evaluation) {
    return new HeldOut(evaluation.getStep(), evaluation.getPassAt().getOrDefault("1", Double.NaN));
  }
}
