package io.couplet.ledger;

import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which records of a ledger are asked for.
 *
 * @param from first step
 * @param to last step
 * @param outcome only this outcome
 * @param group only updates that used this group or left it out
 * @param dropReason only updates that left a group out for a reason that starts like this
 */
public record LedgerFilter(
    Optional<Long> from,
    Optional<Long> to,
    Optional<UpdateOutcome> outcome,
    Optional<String> group,
    Optional<String> dropReason) {

  /** The records that pass, in the order of their steps; reasons to halt come after their step. */
  public List<LedgerEntry> of(Ledger ledger) {
    return Stream.concat(ledger.steps().values().stream(), ledger.halts().stream())
        .sorted(java.util.Comparator.comparingLong(LedgerEntry::getStep))
        .filter(this::passes)
        .toList();
  }

  private boolean passes(LedgerEntry entry) {
    return from.map(first -> entry.getStep() >= first).orElse(true)
        && to.map(last -> entry.getStep() <= last).orElse(true)
        && outcome.map(wanted -> entry.getOutcome() == wanted).orElse(true)
        && group.map(wanted -> concerns(entry, wanted)).orElse(true)
        && dropReason
            .map(
                start ->
                    entry.getDrops().stream().anyMatch(drop -> drop.getReason().startsWith(start)))
            .orElse(true);
  }

  private static boolean concerns(LedgerEntry entry, String group) {
    return entry.getGroups().stream().anyMatch(used -> used.getGroup().equals(group))
        || entry.getDrops().stream().anyMatch(drop -> drop.getGroup().equals(group));
  }
}
