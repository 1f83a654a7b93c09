package io.couplet.ledger;

import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An update as records that the ledger topic takes. Between two updates any number of groups can be
 * left out, all stale for example; those that do not fit into the update's record follow in further
 * ones of the same step and hash, so that a reader who does not know of parts sees a step that is
 * told again.
 */
public final class LedgerParts {
  /** Of groups and drops in one record: half of what the topic takes; the rest is far smaller. */
  static final int MOST_BYTES = 1 << 20;

  /** Avro's numbers and lengths around the texts of a group or drop, at most. */
  private static final int BYTES_BESIDE_TEXTS = 48;

  private LedgerParts() {}

  /** The records of an update, in the order in which they are written; mostly one. */
  public static List<LedgerEntry> split(LedgerEntry whole) {
    List<LedgerEntry> parts = new ArrayList<>();
    List<LedgerGroup> groups = new ArrayList<>();
    List<LedgerDrop> drops = new ArrayList<>();
    int bytes = 0;
    for (LedgerGroup group : whole.getGroups()) {
      int more = BYTES_BESIDE_TEXTS + bytes(group.getGroup());
      if (bytes + more > MOST_BYTES) {
        parts.add(part(whole, parts.size(), groups, List.of()));
        groups = new ArrayList<>();
        bytes = 0;
      }
      groups.add(group);
      bytes += more;
    }
    for (LedgerDrop drop : whole.getDrops()) {
      int more = BYTES_BESIDE_TEXTS + bytes(drop.getGroup()) + bytes(drop.getReason());
      if (bytes + more > MOST_BYTES) {
        parts.add(part(whole, parts.size(), groups, drops));
        groups = new ArrayList<>();
        drops = new ArrayList<>();
        bytes = 0;
      }
      drops.add(drop);
      bytes += more;
    }
    parts.add(part(whole, parts.size(), groups, drops));
    parts.forEach(part -> part.setParts(parts.size()));
    return parts;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static LedgerEntry part(
      LedgerEntry whole, int number, List<LedgerGroup> groups, List<LedgerDrop> drops) {
    LedgerEntry part = with(whole, groups, drops);
    part.setPart(number);
    if (number > 0) {
      part.setSeconds(Map.of());
      part.setEnvironment(Map.of());
    }
    return part;
  }

  /**
   * The update that records of one step tell together; a record that comes twice counts once.
   *
   * @param records in their order, at least one
   * @throws LedgerException a part is missing
   */
  static LedgerEntry join(Collection<LedgerEntry> records) {
    Map<Integer, LedgerEntry> parts = new TreeMap<>();
    records.forEach(record -> parts.putIfAbsent(record.getPart(), record));
    LedgerEntry first = records.iterator().next();
    for (int part = 0; part < first.getParts(); part++) {
      if (!parts.containsKey(part)) {
        throw new LedgerException(
            "The ledger of run "
                + first.getRun()
                + " tells step "
                + first.getStep()
                + " in "
                + first.getParts()
                + " records, and record "
                + (part + 1)
                + " of them is missing or unreadable");
      }
    }
    if (first.getParts() <= 1) {
      return first;
    }
    List<LedgerGroup> groups = new ArrayList<>();
    List<LedgerDrop> drops = new ArrayList<>();
    for (int part = 0; part < first.getParts(); part++) {
      groups.addAll(parts.get(part).getGroups());
      drops.addAll(parts.get(part).getDrops());
    }
    LedgerEntry whole = with(parts.get(0), groups, drops);
    whole.setParts(1);
    return whole;
  }

  private static LedgerEntry with(
      LedgerEntry entry, List<LedgerGroup> groups, List<LedgerDrop> drops) {
    LedgerEntry copy = new LedgerEntry();
    for (int field = 0; field < LedgerEntry.getClassSchema().getFields().size(); field++) {
      copy.put(field, entry.get(field));
    }
    copy.setGroups(groups);
    copy.setDrops(drops);
    return copy;
  }
}
