package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.TapeDecision.Pending;
import io.couplet.learner.TapeDecision.Skip;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupStatus;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapeRulesTest {
  private final TapeRules rules = new TapeRules(Tapes.settings(2, 1), Tapes.LIMITS);

  private TapeBatch batch(TapeDecision decision) {
    return ((Update) decision).batch();
  }

  private String reason(TapeDecision decision) {
    return ((Skip) decision).drop().reason();
  }

  @Test
  void everyBUsableGroupsMakeAnUpdateInTapeOrder() {
    assertThat(rules.read(4, Tapes.usable("a", 0))).isInstanceOf(Pending.class);
    TapeBatch batch = batch(rules.read(7, Tapes.usable("b", 0)));
    assertThat(batch.step()).isEqualTo(1);
    assertThat(batch.groups()).extracting(TapeGroup::offset).containsExactly(4L, 7L);
    assertThat(List.of(batch.firstOffset(), batch.lastOffset(), batch.consumedGroups()))
        .containsExactly(4L, 7L, 2L);
    rules.updated(true);
    assertThat(rules.position().version()).isEqualTo(1);
    assertThat(rules.position().consumedGroups()).isEqualTo(2);
  }

  @Test
  void skippedGroupsPayTheirCreditAtOnceAndAreNamedInTheNextUpdate() {
    assertThat(reason(rules.read(0, Tapes.flat("flat", 0)))).isEqualTo("ZERO_VARIANCE");
    assertThat(reason(rules.read(1, Tapes.dropped("gone", "DEADLINE:tests"))))
        .isEqualTo("DROPPED:DEADLINE:tests");
    assertThat(rules.position().consumedGroups()).isEqualTo(2);
    rules.read(2, Tapes.usable("a", 0));
    TapeBatch batch = batch(rules.read(3, Tapes.usable("b", 0)));
    assertThat(batch.drops())
        .containsExactly(
            new TapeDrop("flat", 0, "ZERO_VARIANCE"),
            new TapeDrop("gone", 1, "DROPPED:DEADLINE:tests"));
    assertThat(batch.firstOffset()).isZero();
    assertThat(batch.consumedGroups()).isEqualTo(4);
  }

  @Test
  void aDuplicateIsSkippedAndPaysNothingEvenAfterItsUpdate() {
    rules.read(0, Tapes.usable("a", 0));
    Skip first = (Skip) rules.read(1, Tapes.usable("a", 0));
    assertThat(first.drop().reason()).isEqualTo("DUPLICATE");
    assertThat(first.paysCredit()).isFalse();
    rules.read(2, Tapes.usable("b", 0));
    rules.updated(true);
    assertThat(reason(rules.read(3, Tapes.usable("b", 1)))).isEqualTo("DUPLICATE");
    assertThat(rules.position().consumedGroups()).isEqualTo(2);
  }

  @Test
  void groupsOlderThanKVersionsAreStale() {
    for (int update = 0; update < 2; update++) {
      rules.read(2L * update, Tapes.usable("a" + update, update));
      rules.read(2L * update + 1, Tapes.usable("b" + update, update));
      rules.updated(true);
    }
    assertThat(reason(rules.read(4, Tapes.usable("old", 0)))).isEqualTo("STALE");
    assertThat(rules.read(5, Tapes.usable("just", 1))).isInstanceOf(Pending.class);
  }

  @Test
  void aSkippedUpdateConsumesItsGroupsButMakesNoVersion() {
    rules.read(0, Tapes.usable("a", 0));
    rules.read(1, Tapes.usable("b", 0));
    rules.updated(false);
    assertThat(rules.position().version()).isZero();
    assertThat(rules.position().step()).isEqualTo(1);
    assertThat(rules.position().consumedGroups()).isEqualTo(2);
  }

  @Test
  void whatCannotBeTrainedOnIsInvalidWithItsReason() {
    Group foreign = Tapes.usable("a", 0);
    foreign.setRun("other");
    assertThat(reason(rules.read(0, foreign))).isEqualTo("INVALID:it belongs to run other");
    assertThat(reason(rules.read(1, Tapes.usable("b", 5)))).contains("version 5 does not exist");
    assertThat(reason(rules.read(2, Tapes.group("c", 0, GroupStatus.COMPLETE, Float.NaN, 1f))))
        .isEqualTo("INVALID:advantage NaN of member 0");
    Group shortened = Tapes.usable("d", 0);
    shortened.getMembers().get(1).setCompletionIds(List.of(1));
    assertThat(reason(rules.read(3, shortened)))
        .isEqualTo("INVALID:member 1 has 2 prompt and 1 completion tokens");
    Group unscored = Tapes.usable("e", 0);
    unscored.getMembers().get(0).setBehaviourScores(List.of());
    assertThat(reason(rules.read(4, unscored))).contains("lacks finite behaviour scores");
    assertThat(reason(rules.read(5, Tapes.group("f", 0, GroupStatus.COMPLETE))))
        .isEqualTo("INVALID:it has no members");
  }

  @Test
  void whatThePolicyCannotBeComputedOnIsInvalidAndNeverReachesTheTrainer() {
    Group foreign = Tapes.usable("a", 0);
    foreign.getMembers().get(1).setCompletionIds(List.of(1, 2, Tapes.LIMITS.vocabulary()));
    assertThat(reason(rules.read(0, foreign)))
        .isEqualTo("INVALID:member 1 has token 100 that is not of the policy's vocabulary of 100");
    Group negative = Tapes.usable("b", 0);
    negative.getMembers().get(0).setPromptIds(List.of(-1));
    assertThat(reason(rules.read(1, negative)))
        .isEqualTo("INVALID:member 0 has token -1 that is not of the policy's vocabulary of 100");
    Group endless = Tapes.usable("c", 0);
    endless.getMembers().get(0).setPromptIds(Collections.nCopies(62, 1));
    assertThat(reason(rules.read(2, endless)))
        .isEqualTo("INVALID:member 0 has 65 tokens where the policy has 64 positions");
  }

  @Test
  void aVersionThatCannotExistIsInvalidHoweverFarItIsFromTheCurrentOne() {
    for (long version : new long[] {-1, Long.MIN_VALUE}) {
      assertThat(reason(rules.read(version == -1 ? 0 : 1, Tapes.usable("g" + version, version))))
          .isEqualTo("INVALID:its policy version " + version + " cannot exist");
    }
  }

  @Test
  void longTextsOfOthersAreCutSoThatTheLedgerCanHoldThem() {
    String id = "x".repeat(3_000_000);
    String drop = reason(rules.read(0, Tapes.dropped(id, "y".repeat(3_000_000))));
    assertThat(drop).startsWith("DROPPED:yyy").hasSize(TapeRules.LONGEST_TEXT);
    assertThat(rules.position().drops().get(0).group()).hasSize(TapeRules.LONGEST_TEXT);
    assertThat(reason(rules.read(1, Tapes.usable("z" + id, 0))))
        .isEqualTo("INVALID:its id has 3000001 characters");
  }

  @Test
  void theTapeIsReadForwardsOnly() {
    rules.read(5, Tapes.usable("a", 0));
    assertThatThrownBy(() -> rules.read(5, Tapes.usable("b", 0)))
        .hasMessageContaining("expected offset 6 or later, found 5");
  }

  @Test
  void onlyTheLastIdsAreRemembered() {
    TapeRules forgetful =
        new TapeRules(new TapeSettings("r", 1, 0, Tapes.LENGTH, 1, 2), Tapes.LIMITS);
    for (int i = 0; i < 4; i++) {
      forgetful.read(i, Tapes.flat("g" + i, 0));
    }
    assertThat(forgetful.position().recentGroups()).containsExactly("g2", "g3");
  }
}
