package io.couplet.replay;

import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerSummary;
import io.couplet.schemas.LedgerEntry;
import java.util.Map;

/**
 * How long a run took for its updates, as its learner measured: time in which it stood still is
 * none.
 */
final class LiveTime {
  private LiveTime() {}

  /** Seconds for the updates from {@code first} to {@code last}; 0 of none. */
  static double of(Ledger ledger, long first, long last) {
    double sum = 0;
    for (long step = first; step <= last; step++) {
      sum += ledger.find(step).map(LiveTime::ofUpdate).orElse(0.0);
    }
    return sum;
  }

  private static double ofUpdate(LedgerEntry entry) {
    Map<String, Double> seconds = entry.getSeconds();
    return LedgerSummary.CYCLE.stream().mapToDouble(part -> seconds.getOrDefault(part, 0.0)).sum();
  }
}
