package io.couplet.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.LedgerRecords;
import io.couplet.learner.TapeBatch;
import io.couplet.learner.UpdateSummary;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerPartsTest {
  /** Three bytes each in UTF-8. */
  private static final String LONGEST_ID = "\u6570".repeat(1_019);

  private static LedgerEntry entry(long step, int groups, int drops, String id) {
    UpdateSummary summary = new UpdateSummary(true, null, 1e-4, 0.1, 0, 0, 0, 0, 1, 0.5, 42, 0);
    LedgerEntry entry =
        LedgerRecords.computed(
            new TapeBatch(step, step - 1, List.of(), List.of(), 0, groups + drops, 0),
            summary,
            "weights" + step,
            7);
    List<LedgerGroup> used = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      used.add(new LedgerGroup(id + "g%04d".formatted(i), (long) i, step - 1, 0.5));
    }
    List<LedgerDrop> left = new ArrayList<>();
    for (int i = 0; i < drops; i++) {
      left.add(new LedgerDrop(id + "d%04d".formatted(i), (long) groups + i, "INVALID:" + id));
    }
    entry.setGroups(used);
    entry.setDrops(left);
    entry.setEnvironment(Map.of("threads", "1"));
    // A share of no groups is not a number, and that equals nothing.
    entry.setZeroVarianceShare(0);
    return entry;
  }

  @Test
  void anUpdateThatFitsIsOneRecordAsItWas() {
    LedgerEntry small = entry(1, 4, 10, "");
    assertThat(LedgerParts.split(small)).containsExactly(small);
    assertThat(small.getPart()).isZero();
    assertThat(small.getParts()).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitFollowsInRecordsThatTheTopicTakes() {
    LedgerEntry large = entry(1, 900, 2_000, LONGEST_ID);
    List<LedgerEntry> parts = LedgerParts.split(large);
    assertThat(parts.size()).isGreaterThan(10);
    RecordCodec<LedgerEntry> codec = RecordCodec.of(Topic.LEDGER);
    for (int i = 0; i < parts.size(); i++) {
      LedgerEntry part = parts.get(i);
      assertThat(codec.encode(part)).hasSizeLessThan(LedgerParts.MOST_BYTES + 10_000);
      assertThat(part.getPart()).isEqualTo(i);
      assertThat(part.getParts()).isEqualTo(parts.size());
      assertThat(part.getWeightsSha256()).isEqualTo("weights1");
    }
    assertThat(LedgerParts.join(parts)).isEqualTo(large);
  }

  @Test
  void aLedgerPutsThePartsTogetherAndTakesAStepToldTwiceOnce() {
    LedgerEntry large = entry(1, 2, 2_000, LONGEST_ID);
    LedgerEntry next = entry(2, 2, 1, "");
    List<LedgerEntry> records = new ArrayList<>(LedgerParts.split(large));
    records.addAll(LedgerParts.split(large));
    records.add(next);

    Ledger ledger = Ledger.of(records);
    assertThat(ledger.conflicts()).isEmpty();
    assertThat(ledger.entry(1)).isEqualTo(large);
    assertThat(ledger.entry(2)).isEqualTo(next);
    assertThat(ledger.dropOf(LONGEST_ID + "d1999").orElseThrow().getValue().getStep()).isEqualTo(1);
  }

  @Test
  void aMissingPartIsAnErrorThatNamesIt() {
    List<LedgerEntry> records = new ArrayList<>(LedgerParts.split(entry(1, 2, 2_000, LONGEST_ID)));
    int parts = records.size();
    LedgerEntry head = records.get(0);
    records.remove(2);
    assertThatThrownBy(() -> Ledger.of(records))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("step 1 in " + parts + " records, and record 3 of them is missing");
    assertThatThrownBy(() -> Ledger.of(records.subList(1, records.size())))
        .hasMessageContaining("record 1 of them is missing");
    assertThatThrownBy(() -> Ledger.of(List.of(head))).hasMessageContaining("record 2 of them");
  }

  @Test
  void anotherHashIsOneConflictInHoweverManyRecordsItIsTold() {
    List<LedgerEntry> records = new ArrayList<>(LedgerParts.split(entry(1, 2, 2_000, LONGEST_ID)));
    LedgerEntry other = entry(1, 2, 2_000, LONGEST_ID);
    other.setWeightsSha256("others");
    records.addAll(LedgerParts.split(other));
    assertThat(Ledger.of(records).conflicts()).hasSize(1);
  }
}
