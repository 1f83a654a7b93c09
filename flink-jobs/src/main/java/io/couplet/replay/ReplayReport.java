package io.couplet.replay;

import java.util.Optional;

/**
 * What a replay found.
 *
 * @param from first step that was to be compared
 * @param to last step that was to be compared
 * @param base step whose state the replay started from
 * @param compared steps whose hashes were compared and equal
 * @param updates updates computed, those before {@code from} included
 * @param seconds the replay took
 * @param liveSeconds the run took for the same updates, by the ledger's clock; 0 if unknown
 */
public record ReplayReport(
    String run,
    long from,
    long to,
    long base,
    long compared,
    long updates,
    Optional<Divergence> divergence,
    double seconds,
    double liveSeconds) {
  /** Whether every hash that was to be compared was compared and equal. */
  public boolean verified() {
    return divergence.isEmpty() && compared == to - from + 1;
  }

  /** How many times as fast as the run; 0 if unknown. */
  public double speed() {
    return seconds > 0 ? liveSeconds / seconds : 0;
  }
}
