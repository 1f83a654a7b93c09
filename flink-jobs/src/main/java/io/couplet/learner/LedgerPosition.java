package io.couplet.learner;

import io.couplet.ledger.Ledger;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Where the tape rules stood right after a step, as the ledger tells it. */
public final class LedgerPosition {
  private LedgerPosition() {}

  /**
   * @param step 0 is the beginning of the tape
   * @param remembered how many group ids the rules remember
   */
  public static TapePosition after(Ledger ledger, long step, int remembered) {
    LinkedHashSet<String> recent = new LinkedHashSet<>();
    for (long s = 1; s <= step; s++) {
      LedgerEntry entry = ledger.entry(s);
      TreeMap<Long, LedgerDrop> drops = new TreeMap<>();
      entry.getDrops().forEach(drop -> drops.put(drop.getOffset(), drop));
      TreeMap<Long, String> read = new TreeMap<>();
      entry.getGroups().forEach(group -> read.put(group.getOffset(), group.getGroup()));
      drops.forEach((offset, drop) -> read.put(offset, drop.getGroup()));
      read.forEach(
          (offset, group) -> {
            boolean duplicate = !recent.add(group);
            // As in the rules: a record that is skipped is done with at once, the others with the
            // update.
            if (!duplicate && drops.containsKey(offset)) {
              trim(recent, remembered);
            }
          });
      trim(recent, remembered);
    }
    LedgerEntry last = ledger.entry(step);
    return new TapePosition(
        step,
        last.getVersionOut(),
        last.getConsumedGroups(),
        step == 0 ? 0 : last.getLastOffset() + 1,
        -1,
        List.of(),
        List.of(),
        new ArrayList<>(recent));
  }

  private static void trim(Set<String> recent, int remembered) {
    var oldest = recent.iterator();
    for (int excess = recent.size() - remembered; excess > 0; excess--) {
      oldest.next();
      oldest.remove();
    }
  }
}
