package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.learner.TapeDecision.Skip;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.schemas.Group;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ForesightProperties {
  private static final int MEMORY = 8;

  private record Foreseen(long offset, Group group, boolean skips) {}

  private static Group group(Random random, int offset) {
    // Ids come again after a few records or after many, when the rules have forgotten them.
    String id = "g" + (random.nextInt(3) == 0 ? random.nextInt(offset + 1) : offset);
    long version = random.nextInt(2 + offset / 6);
    return switch (random.nextInt(5)) {
      case 0 -> Tapes.flat(id, version);
      case 1 -> Tapes.dropped(id, "DEADLINE:tests");
      case 2 -> Tapes.flat("x".repeat(2_000) + id, version);
      default -> Tapes.usable(id, version);
    };
  }

  @Property(tries = 500)
  void whatIsForeseenIsSkippedAndPaidForHoweverFarTheRulesAreBehind(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int b,
      @ForAll @IntRange(min = 1, max = 12) int unread) {
    Random random = new Random(seed);
    TapeSettings settings = new TapeSettings("r", b, 1, Tapes.LENGTH, 1, MEMORY);
    TapeRules rules = new TapeRules(settings, Tapes.LIMITS);
    Foresight foresight = new Foresight(settings, rules.position(), unread);
    Deque<Foreseen> waiting = new ArrayDeque<>();
    int foreseen = 0;
    for (int offset = 0; offset < 120; offset++) {
      Group group = group(random, offset);
      boolean skips = foresight.skips(group);
      foreseen += skips ? 1 : 0;
      waiting.add(new Foreseen(offset, group, skips));
      while (waiting.size() >= unread || (!waiting.isEmpty() && random.nextInt(4) == 0)) {
        Foreseen next = waiting.remove();
        TapeDecision decision = rules.read(next.offset(), next.group());
        if (next.skips()) {
          assertThat(decision).isInstanceOf(Skip.class);
          assertThat(((Skip) decision).paysCredit()).isTrue();
        }
        if (decision instanceof Update update) {
          rules.updated(update.batch().step() % 5 != 0);
        }
      }
      if (waiting.isEmpty() && random.nextInt(10) == 0) {
        foresight = new Foresight(settings, rules.position(), unread);
      }
    }
    assertThat(foreseen).isGreaterThan(10);
  }
}
