package io.couplet.ledger;

import io.couplet.schemas.LedgerEntry;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The updates behind a run's newest policy, those of its ancestors included: a fork's history is
 * its parent's up to the step it was forked at, then its own. Steps are counted from the beginning
 * of the oldest ancestor that is known.
 *
 * @param run name of the run
 * @param points by step of the history
 */
public record LedgerHistory(String run, SortedMap<Long, Point> points) {
  /**
   * One update.
   *
   * @param run whose ledger it is in
   * @param entry its record there, under that run's own step number
   */
  public record Point(String run, LedgerEntry entry) {
    /** RUN@STEP. */
    public String name() {
      return run + "@" + entry.getStep();
    }
  }

  /**
   * Follows parents as far as their ledgers can be had.
   *
   * @param others the ledger of another run by its name, if there is one here
   */
  public static LedgerHistory of(Ledger ledger, Function<String, Optional<Ledger>> others) {
    SortedMap<Long, Point> points = new TreeMap<>();
    Optional<String> parent =
        ledger.find(0).map(LedgerEntry::getParentRun).filter(name -> name.contains("@"));
    long forkedAt = 0;
    if (parent.isPresent()) {
      int at = parent.get().lastIndexOf('@');
      long step = Long.parseLong(parent.get().substring(at + 1));
      Optional<Ledger> ancestor = others.apply(parent.get().substring(0, at));
      if (ancestor.isPresent()) {
        LedgerHistory before = of(ancestor.get(), others);
        forkedAt = before.positionOf(ancestor.get().run(), step);
        points.putAll(before.points.headMap(forkedAt + 1));
      } else {
        forkedAt = step;
      }
    }
    for (LedgerEntry entry : ledger.steps().values()) {
      points.putIfAbsent(forkedAt + entry.getStep(), new Point(ledger.run(), entry));
    }
    return new LedgerHistory(ledger.run(), points);
  }

  private long positionOf(String run, long step) {
    return points.entrySet().stream()
        .filter(
            point ->
                point.getValue().run().equals(run) && point.getValue().entry().getStep() == step)
        .mapToLong(java.util.Map.Entry::getKey)
        .findFirst()
        .orElse(step);
  }
}
