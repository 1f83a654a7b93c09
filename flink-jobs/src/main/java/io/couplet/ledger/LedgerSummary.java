package io.couplet.ledger;

import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several updates in numbers.
 *
 * @param updates that made a version
 * @param skipped that did not, for their gradient was not finite
 * @param groupsUsed groups that updates were computed from
 * @param drops tape records that took no part, by the reason's first word
 * @param rewardMean mean over the rollouts of the groups used
 * @param seconds wall time of the learner by part of an update's cycle
 */
public record LedgerSummary(
    long updates,
    long skipped,
    long groupsUsed,
    long rollouts,
    long tokens,
    Map<String, Long> drops,
    double rewardMean,
    Map<String, Double> seconds) {
  /** The parts of an update's cycle; together they are the wall time of a run that is going. */
  public static final List<String> CYCLE =
      List.of("waiting", "learning", "hashing", "publishing", "recording");

  /** The parts that a run without a ledger would not have. */
  private static final List<String> LEDGER = List.of("hashing", "recording");

  public static LedgerSummary of(List<LedgerEntry> entries) {
    Map<String, Long> drops = new TreeMap<>();
    Map<String, Double> seconds = new TreeMap<>();
    double rewards = 0;
    long rollouts = 0;
    for (LedgerEntry entry : entries) {
      for (LedgerDrop drop : entry.getDrops()) {
        drops.merge(drop.getReason().split(":", 2)[0], 1L, Long::sum);
      }
      for (String part : CYCLE) {
        seconds.merge(part, entry.getSeconds().getOrDefault(part, 0.0), Double::sum);
      }
      rewards += entry.getRewardMean() * entry.getRollouts();
      rollouts += entry.getRollouts();
    }
    return new LedgerSummary(
        count(entries, UpdateOutcome.UPDATED),
        count(entries, UpdateOutcome.SKIPPED_NON_FINITE),
        entries.stream().mapToLong(entry -> entry.getGroups().size()).sum(),
        rollouts,
        entries.stream().mapToLong(LedgerEntry::getTokens).sum(),
        drops,
        rollouts == 0 ? 0 : rewards / rollouts,
        seconds);
  }

  private static long count(List<LedgerEntry> entries, UpdateOutcome outcome) {
    return entries.stream().filter(entry -> entry.getOutcome() == outcome).count();
  }

  /** Seconds that the updates took from one to the next. */
  public double wallSeconds() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Share of the run's wall time that ledger and hashes took, 0..1; 0 of nothing. */
  public double ledgerShare() {
    double wall = wallSeconds();
    return wall > 0 ? LEDGER.stream().mapToDouble(seconds::get).sum() / wall : 0;
  }
}
