package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.learner.LearnerCheckpoint.SavedState;
import io.couplet.learner.LearnerStore.Published;
import io.couplet.learner.NaiveTape.Account;
import io.couplet.learner.TapeDecision.Pending;
import io.couplet.learner.TapeDecision.Skip;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.policy.BlobReference;
import io.couplet.policy.PolicyReference;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The tape rules against {@link NaiveTape}, record by record, on tapes that anyone might have
 * written, with updates that fail and restarts from stored checkpoints in between.
 */
class TapeRulesModelProperties {
  private static final int LENGTH = 80;
  private static final int REMEMBERED = 12;

  @Property(tries = 100)
  void everyDecisionIsTheOneThatTheWholeTapeGives(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int b,
      @ForAll @IntRange(min = 0, max = 3) int k) {
    Random random = new Random(seed);
    TapeSettings settings = new TapeSettings("r", b, k, Tapes.LENGTH, 1, REMEMBERED);
    TapeRules rules = new TapeRules(settings, Tapes.LIMITS);
    NaiveTape naive = new NaiveTape(settings, Tapes.LIMITS);
    for (int offset = 0; offset < LENGTH; offset++) {
      if (random.nextInt(8) == 0) {
        rules = new TapeRules(settings, Tapes.LIMITS, stored(rules.position()));
      }
      Group group = group(random, naive.account().version);
      TapeDecision decision = rules.read(offset, group);
      naive.write(group);
      hold(decision, naive.account(), offset);
      if (decision instanceof Update) {
        boolean finite = random.nextInt(6) != 0;
        rules.updated(finite);
        naive.concluded(finite);
      }
      hold(rules.position(), naive.account(), offset);
    }
  }

  private static void hold(TapeDecision decision, Account account, int offset) {
    String reason = account.skipped.get(offset);
    if (decision instanceof Skip skip) {
      assertThat(skip.drop().reason().split(":", 2)[0]).isEqualTo(reason);
      assertThat(skip.drop().offset()).isEqualTo(offset);
      assertThat(skip.paysCredit()).isEqualTo(!reason.equals("DUPLICATE"));
    } else if (decision instanceof Update update) {
      TapeBatch batch = update.batch();
      assertThat(reason).isNull();
      assertThat(offsets(batch.groups())).isEqualTo(longs(account.pending));
      assertThat(batch.step()).isEqualTo(account.step + 1);
      assertThat(batch.versionIn()).isEqualTo(account.version);
      assertThat(batch.consumedGroups()).isEqualTo(account.consumed + batch.groups().size());
      List<Long> read = readFor(account, account.step + 1);
      assertThat(batch.firstOffset()).isEqualTo(read.get(0));
      assertThat(batch.lastOffset()).isEqualTo(offset);
      List<Long> dropped =
          read.stream().filter(o -> account.skipped.get(o.intValue()) != null).toList();
      assertThat(batch.drops()).extracting(TapeDrop::offset).isEqualTo(dropped);
    } else {
      assertThat(decision).isInstanceOf(Pending.class);
      assertThat(reason).isNull();
    }
  }

  private static void hold(TapePosition position, Account account, int offset) {
    assertThat(position.step()).isEqualTo(account.step);
    assertThat(position.version()).isEqualTo(account.version);
    assertThat(position.consumedGroups()).isEqualTo(account.consumed);
    assertThat(position.nextOffset()).isEqualTo(offset + 1L);
    assertThat(offsets(position.pending())).isEqualTo(longs(account.pending));
    List<Long> read = readFor(account, account.step + 1);
    assertThat(position.firstOffset()).isEqualTo(read.isEmpty() ? -1 : read.get(0));
  }

  private static List<Long> readFor(Account account, int step) {
    return longs(
        IntStream.range(0, account.steps.size())
            .filter(offset -> account.steps.get(offset) == step)
            .boxed()
            .toList());
  }

  private static List<Long> offsets(List<TapeGroup> groups) {
    return groups.stream().map(TapeGroup::offset).toList();
  }

  private static List<Long> longs(List<Integer> numbers) {
    return numbers.stream().map(Integer::longValue).toList();
  }

  /** What a restart finds: the position as the learner's state holds it. */
  private static TapePosition stored(TapePosition position) {
    Published policy = new Published(new PolicyReference(position.version(), "file:///p", "aa"), 1);
    LearnerCheckpoint checkpoint =
        new LearnerCheckpoint(
            position,
            "aa",
            policy,
            null,
            0,
            List.of(new SavedState(1, position.step(), new BlobReference("file:///b", "aa", 1))),
            List.of(policy));
    return LearnerStateCodec.decode(
            LearnerStateCodec.encode("r", checkpoint),
            position.pending().stream().map(TapeGroup::group).toList())
        .position();
  }

  /** Mostly what the advantage job writes, of versions around the current one; else anything. */
  private static Group group(Random random, long current) {
    String id = "g" + random.nextInt(LENGTH / 2);
    long version = Math.max(0, current - random.nextInt(5));
    return switch (random.nextInt(6)) {
      case 0 -> Tapes.flat(id, version);
      case 1 -> Tapes.dropped(id, "DEADLINE:tests");
      case 2 -> spoilt(Tapes.usable(id, version), random);
      default -> Tapes.usable(id, version);
    };
  }

  private static Group spoilt(Group group, Random random) {
    GroupMember member = group.getMembers().get(random.nextInt(group.getMembers().size()));
    switch (random.nextInt(14)) {
      case 0 -> group.setRun("other");
      case 1 -> group.setMinPolicyVersion(Long.MIN_VALUE);
      case 2 -> group.setMinPolicyVersion(-1);
      case 3 -> group.setMinPolicyVersion(Long.MAX_VALUE);
      case 4 -> group.setMembers(List.of());
      case 5 -> group.getMembers().forEach(one -> one.setMember(3));
      case 6 -> member.setAdvantage(Float.NEGATIVE_INFINITY);
      case 7 -> member.setPromptIds(List.of());
      case 8 -> member.setCompletionIds(List.of(1));
      case 9 -> member.setPromptIds(List.of(Integer.MAX_VALUE));
      case 10 -> member.setPromptIds(Collections.nCopies(Tapes.LIMITS.positions(), 1));
      case 11 -> member.setBehaviourScores(List.of());
      case 12 -> member.setBehaviourScores(List.of(List.of(-1f, Float.NaN, -1f)));
      default -> {
        List<Integer> ids = new ArrayList<>(member.getCompletionIds());
        ids.set(0, -1);
        member.setCompletionIds(ids);
      }
    }
    return group;
  }
}
