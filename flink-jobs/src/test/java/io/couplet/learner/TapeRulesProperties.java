package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.learner.TapeDecision.Skip;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.schemas.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random tapes. */
class TapeRulesProperties {
  private static List<Group> tape(Random random, int length) {
    List<Group> tape = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      String id = "g" + random.nextInt(2 * length);
      long version = random.nextInt(1 + i / 3);
      tape.add(
          switch (random.nextInt(4)) {
            case 0 -> Tapes.flat(id, version);
            case 1 -> Tapes.dropped(id, "DEADLINE:tests");
            default -> Tapes.usable(id, version);
          });
    }
    return tape;
  }

  /** Reads a tape, starting a new instance from the position wherever {@code cut} says so. */
  private static List<TapeDecision> read(
      List<Group> tape, TapeSettings settings, java.util.function.IntPredicate cut) {
    List<TapeDecision> decisions = new ArrayList<>();
    TapeRules rules = new TapeRules(settings, Tapes.LIMITS);
    for (int offset = 0; offset < tape.size(); offset++) {
      if (cut.test(offset)) {
        rules = new TapeRules(settings, Tapes.LIMITS, rules.position());
      }
      TapeDecision decision = rules.read(offset, tape.get(offset));
      decisions.add(decision);
      if (decision instanceof Update update) {
        rules.updated(update.batch().step() % 5 != 0);
      }
    }
    return decisions;
  }

  @Property(tries = 200)
  void restartsAnywhereDoNotChangeADecision(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int b) {
    List<Group> tape = tape(new Random(seed), 60);
    TapeSettings settings = Tapes.settings(b, 1);
    assertThat(read(tape, settings, offset -> (seed >>> (offset % 60) & 1) == 1))
        .isEqualTo(read(tape, settings, offset -> false));
  }

  @Property(tries = 200)
  void everyGroupIsTrainedOnOrDroppedExactlyOnceAndPaidForOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int b) {
    List<Group> tape = tape(new Random(seed), 60);
    Map<String, Integer> fates = new HashMap<>();
    Set<String> paid = new HashSet<>();
    long consumed = 0;
    for (TapeDecision decision : read(tape, Tapes.settings(b, 1), offset -> false)) {
      if (decision instanceof Skip skip && skip.paysCredit()) {
        fates.merge(skip.drop().group(), 1, Integer::sum);
        assertThat(paid.add(skip.drop().group())).isTrue();
        consumed++;
      } else if (decision instanceof Update update) {
        TapeBatch batch = update.batch();
        assertThat(batch.groups()).hasSize(b);
        for (long behind : batch.staleness()) {
          assertThat(behind).isBetween(0L, 1L);
        }
        for (TapeGroup group : batch.groups()) {
          fates.merge(group.group().getGroup(), 1, Integer::sum);
          assertThat(paid.add(group.group().getGroup())).isTrue();
        }
        consumed += b;
        assertThat(batch.consumedGroups()).isEqualTo(consumed);
      }
    }
    assertThat(fates.values()).allMatch(count -> count == 1);
  }
}
