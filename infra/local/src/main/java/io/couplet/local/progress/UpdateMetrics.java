package io.couplet.local.progress;

import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one update of the policy was like; step 0 stands for the initial policy.
 *
 * @param skipped whether the update was skipped because its gradient was not finite
 * @param staleness ages of the rollouts in policy versions
 * @param rolloutsPerSecond rollouts the update consumed over the time since the update before it
 * @param tokensPerSecond likewise, completion tokens
 * @param seconds durations by stage
 */
public record UpdateMetrics(
    long step,
    long version,
    boolean skipped,
    double rewardMean,
    double zeroVarianceShare,
    double loss,
    double kl,
    double clipLowShare,
    double clipHighShare,
    double gradientNorm,
    double learningRate,
    Staleness staleness,
    double rolloutsPerSecond,
    double tokensPerSecond,
    Map<String, Double> seconds,
    String weightsSha256) {
  /** Median, 95th percentile and maximum age in versions. */
  public record Staleness(double p50, double p95, long max) {}

  public UpdateMetrics {
    seconds = Map.copyOf(seconds);
  }

  /**
   * Reads an update off the ledger.
   *
   * @param sinceMs wall clock of the update before it, or of the start of this process when that is
   *     later: a pause between two processes is not slow generation
   */
  static UpdateMetrics of(LedgerEntry entry, long sinceMs) {
    double elapsed = Math.max(1, entry.getCreatedMs() - sinceMs) / 1000.0;
    return new UpdateMetrics(
        entry.getStep(),
        entry.getVersionOut(),
        entry.getOutcome() == UpdateOutcome.SKIPPED_NON_FINITE,
        entry.getRewardMean(),
        entry.getZeroVarianceShare(),
        entry.getLoss(),
        entry.getKl(),
        entry.getClipLowShare(),
        entry.getClipHighShare(),
        entry.getGradientNorm(),
        entry.getLearningRate(),
        new Staleness(entry.getStalenessP50(), entry.getStalenessP95(), entry.getStalenessMax()),
        entry.getRollouts() / elapsed,
        entry.getTokens() / elapsed,
        new TreeMap<>(entry.getSeconds()),
        entry.getWeightsSha256());
  }
}
