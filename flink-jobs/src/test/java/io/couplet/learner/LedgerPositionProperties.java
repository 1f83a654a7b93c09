package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.learner.TapeDecision.Update;
import io.couplet.ledger.Ledger;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The ledger tells where the rules stood after each step, also of ids forgotten in between. */
class LedgerPositionProperties {
  private static final int LENGTH = 120;

  @Property(tries = 100)
  void theLedgerTellsWhereTheRulesStood(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int b,
      @ForAll @IntRange(min = 3, max = 12) int remembered) {
    Random random = new Random(seed);
    TapeSettings settings = new TapeSettings("r", b, 1, Tapes.LENGTH, 1, remembered);
    TapeRules rules = new TapeRules(settings, Tapes.LIMITS);
    List<LedgerEntry> ledger = new ArrayList<>();
    ledger.add(computed(new TapeBatch(0, -1, List.of(), List.of(), -1, -1, 0)));
    for (int offset = 0; offset < LENGTH; offset++) {
      if (rules.read(offset, group(random, rules.position().version())) instanceof Update update) {
        ledger.add(computed(update.batch()));
        rules.updated(true);
        assertThat(LedgerPosition.after(Ledger.of(ledger), rules.step(), remembered))
            .isEqualTo(rules.position());
      }
    }
  }

  private static LedgerEntry computed(TapeBatch batch) {
    UpdateSummary summary = new UpdateSummary(true, null, 1e-4, 0.1, 0, 0, 0, 0, 1, 0.5, 42, 0);
    return LedgerRecords.computed(batch, summary, "weights" + batch.step(), 7);
  }

  /** Mostly groups that are left out, so that many ids are forgotten within one update. */
  private static Group group(Random random, long version) {
    String id = "g" + random.nextInt(20);
    return random.nextInt(8) == 0 ? Tapes.usable(id, version) : Tapes.flat(id, version);
  }
}
