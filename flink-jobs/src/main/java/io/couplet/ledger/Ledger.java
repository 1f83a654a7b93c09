package io.couplet.ledger;

import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The updates of a run, by step. A step that was told again with the same hash is one step, and so
 * is one that was told in several records ({@link LedgerParts}); the reasons for which the run
 * halted are kept apart.
 *
 * @param run name of the run, empty for an empty ledger
 * @param steps what was first told of each step, from step 0
 * @param halts records that say why the run stopped, in their order
 * @param conflicts later records of a step whose weights differ from the first one's
 */
public record Ledger(
    String run,
    SortedMap<Long, LedgerEntry> steps,
    List<LedgerEntry> halts,
    List<LedgerEntry> conflicts) {

  /**
   * From the records of the ledger topic, in their order.
   *
   * @throws LedgerException a step was told in several records and one is missing
   */
  public static Ledger of(Collection<LedgerEntry> records) {
    SortedMap<Long, List<LedgerEntry>> told = new TreeMap<>();
    List<LedgerEntry> halts = new ArrayList<>();
    List<LedgerEntry> conflicts = new ArrayList<>();
    for (LedgerEntry record : records) {
      if (record.getOutcome() == UpdateOutcome.HALTED) {
        halts.add(record);
        continue;
      }
      List<LedgerEntry> step = told.computeIfAbsent(record.getStep(), key -> new ArrayList<>());
      if (step.isEmpty() || step.get(0).getWeightsSha256().equals(record.getWeightsSha256())) {
        step.add(record);
      } else if (record.getPart() == 0) {
        conflicts.add(record);
      }
    }
    SortedMap<Long, LedgerEntry> steps = new TreeMap<>();
    told.forEach((step, parts) -> steps.put(step, LedgerParts.join(parts)));
    String run = records.stream().map(LedgerEntry::getRun).findFirst().orElse("");
    return new Ledger(
        run,
        java.util.Collections.unmodifiableSortedMap(steps),
        List.copyOf(halts),
        List.copyOf(conflicts));
  }

  public Optional<LedgerEntry> find(long step) {
    return Optional.ofNullable(steps.get(step));
  }

  /**
   * The record of a step.
   *
   * @throws LedgerException it does not exist; the message names the steps that do
   */
  public LedgerEntry entry(long step) {
    LedgerEntry entry = steps.get(step);
    if (entry == null) {
      throw new LedgerException(
          steps.isEmpty()
              ? "The ledger of this run is empty: it has not started yet"
              : "Run "
                  + run
                  + " has no step "
                  + step
                  + "; its ledger holds steps "
                  + steps.firstKey()
                  + " to "
                  + steps.lastKey());
    }
    return entry;
  }

  /** The last step; -1 of an empty ledger. */
  public long lastStep() {
    return steps.isEmpty() ? -1 : steps.lastKey();
  }

  /** Steps up to the last one that have no record. A whole ledger has none. */
  public List<Long> missingSteps() {
    List<Long> missing = new ArrayList<>();
    for (long step = 0; step <= lastStep(); step++) {
      if (!steps.containsKey(step)) {
        missing.add(step);
      }
    }
    return missing;
  }

  /** The step whose update used a group. */
  public Optional<LedgerEntry> updateOf(String group) {
    return steps.values().stream()
        .filter(e -> e.getGroups().stream().anyMatch(used -> used.getGroup().equals(group)))
        .findFirst();
  }

  /** Why no update used a group, if the ledger says so: the reason and the step after it. */
  public Optional<Map.Entry<String, LedgerEntry>> dropOf(String group) {
    for (LedgerEntry entry : steps.values()) {
      for (var drop : entry.getDrops()) {
        if (drop.getGroup().equals(group) && !drop.getReason().equals("DUPLICATE")) {
          return Optional.of(Map.entry(drop.getReason(), entry));
        }
      }
    }
    return Optional.empty();
  }
}
