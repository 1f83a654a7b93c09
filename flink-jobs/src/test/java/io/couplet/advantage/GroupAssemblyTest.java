package io.couplet.advantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.AssemblyEvent.RolloutRefused;
import io.couplet.advantage.AssemblyEvent.WakeAt;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.GroupStatus;
import org.junit.jupiter.api.Test;

class GroupAssemblyTest {
  private final AssemblyFixture drop = new AssemblyFixture(IncompleteGroups.DROP);
  private final AssemblyFixture partial = new AssemblyFixture(IncompleteGroups.PARTIAL);

  @Test
  void closesWhenEveryRequiredSourceHasSpokenAboutEveryMember() throws Exception {
    drop.source("tests", 2, true, 500).source("style", 0.5, false, 500);
    drop.rollout(0, 2).reward(0, "tests", 1.0).rollout(1, 2);
    assertThat(drop.closed()).isEmpty();
    drop.reward(1, "tests", 0.0);

    Group group = drop.group();
    assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
    assertThat(group.getMembers()).extracting(GroupMember::getReward).containsExactly(2.0, 0.0);
    assertThat(group.getMembers()).extracting(GroupMember::getAdvantage).containsExactly(1f, -1f);
    assertThat(group.getSequence()).isEqualTo(11);
    assertThat(group.getMinPolicyVersion()).isEqualTo(3);
  }

  @Test
  void rewardsMayComeBeforeTheirRollouts() throws Exception {
    drop.source("tests", 1, true, 500);
    drop.reward(1, "tests", 0.25).reward(0, "tests", 0.75).rollout(1, 2).rollout(0, 2);
    assertThat(drop.group().getMembers())
        .extracting(GroupMember::getReward)
        .containsExactly(0.75, 0.25);
  }

  @Test
  void anOptionalSourceCountsOnlyWhenItSpokeAboutEveryMember() throws Exception {
    drop.source("style", 10, false, 500).source("tests", 1, true, 500);
    drop.rollout(0, 2).rollout(1, 2).reward(0, "style", 1.0);
    drop.reward(0, "tests", 1.0).reward(1, "tests", 0.0);
    assertThat(drop.group().getMembers())
        .extracting(GroupMember::getReward)
        .containsExactly(1.0, 0.0);
    assertThat(drop.group().getMembers().get(0).getRewards().get(0).getReason())
        .contains("other members lack it");

    partial.source("style", 10, false, 500).source("tests", 1, true, 500);
    partial.rollout(0, 2).rollout(1, 2).reward(0, "style", 1.0).reward(1, "style", 0.5);
    partial.reward(0, "tests", 1.0).reward(1, "tests", 0.0);
    assertThat(partial.group().getMembers())
        .extracting(GroupMember::getReward)
        .containsExactly(11.0, 5.0);
  }

  @Test
  void optionalSourcesHoldTheGroupWhereNoneIsRequired() throws Exception {
    drop.source("style", 1, false, 500).rollout(0, 2).rollout(1, 2);
    drop.reward(0, "style", 1.0);
    assertThat(drop.closed()).isEmpty();
    drop.reward(1, "style", 0.0);
    assertThat(drop.group().getStatus()).isEqualTo(GroupStatus.COMPLETE);
  }

  @Test
  void aMissingRequiredRewardDropsTheGroupAtItsDeadlineAndIsNeverZero() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).advance(400).rollout(1, 2);
    drop.reward(0, "tests", 1.0).advance(499);
    assertThat(drop.closed()).isEmpty();
    drop.advance(1);
    assertThat(drop.group().getStatus()).isEqualTo(GroupStatus.DROPPED);
    assertThat(drop.group().getDropReason()).isEqualTo("DEADLINE:tests");
    assertThat(drop.group().getMembers()).isEmpty();
  }

  @Test
  void partialKeepsTheMembersThatHaveEveryRequiredValue() throws Exception {
    partial.source("tests", 1, true, 500);
    partial.rollout(0, 4).rollout(1, 4).rollout(2, 4).failure(3, 4);
    partial.reward(0, "tests", 1.0).reward(2, "tests", 0.0).advance(500);
    assertThat(partial.group().getStatus()).isEqualTo(GroupStatus.PARTIAL);
    assertThat(partial.group().getMembers())
        .extracting(GroupMember::getMember)
        .containsExactly(0, 2);
    assertThat(partial.group().getMembers())
        .extracting(GroupMember::getAdvantage)
        .containsExactly(0.5f, -0.5f);
  }

  @Test
  void aSingleMemberIsNoGroupToCompareIn() throws Exception {
    partial.source("tests", 1, true, 500).rollout(0, 2).failure(1, 2).reward(0, "tests", 1.0);
    assertThat(partial.group().getStatus()).isEqualTo(GroupStatus.DROPPED);
    assertThat(partial.group().getDropReason())
        .isEqualTo("TOO_FEW_MEMBERS:GENERATION_FAILED:DEADLINE");
  }

  @Test
  void aFailedMemberDropsTheGroupOnceAllHaveCome() throws Exception {
    drop.source("tests", 1, true, 500).failure(0, 2);
    assertThat(drop.closed()).isEmpty();
    drop.rollout(1, 2);
    assertThat(drop.group().getDropReason()).isEqualTo("GENERATION_FAILED:DEADLINE");
  }

  @Test
  void membersThatNeverComeAreMissingAfterTheirDeadline() throws Exception {
    partial.source("tests", 1, true, 500).rollout(0, 3).rollout(2, 3);
    partial.reward(0, "tests", 1.0).reward(2, "tests", 0.0);
    assertThat(partial.closed()).isEmpty();
    partial.advance(AssemblyFixture.MEMBER_DEADLINE);
    assertThat(partial.group().getStatus()).isEqualTo(GroupStatus.PARTIAL);
    partial.rollout(1, 3);
    assertThat(partial.counts()).containsEntry(Occurrence.LATE_ROLLOUT, 1);
  }

  @Test
  void theFirstWordOfASourceCounts() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).rollout(1, 2);
    drop.reward(0, "tests", 1.0).reward(0, "tests", 0.0).reward(1, "tests", 0.0);
    assertThat(drop.group().getMembers().get(0).getReward()).isEqualTo(1.0);
    assertThat(drop.counts()).containsEntry(Occurrence.DUPLICATE_REWARD, 1);
  }

  @Test
  void aValueThatIsNaNOrOutOfRangeIsNoValueAndGoesToTheDeadLetters() throws Exception {
    partial.source("tests", 1, true, 500).rollout(0, 4).rollout(1, 4).rollout(2, 4).rollout(3, 4);
    partial.reward(0, "tests", Double.NaN).reward(1, "tests", 10.5);
    partial.reward(2, "tests", 1.0).reward(3, "tests", 0.5);
    assertThat(partial.group().getMembers())
        .extracting(GroupMember::getMember)
        .containsExactly(2, 3);
    assertThat(partial.of(RewardRefused.class))
        .extracting(RewardRefused::why)
        .containsExactly(
            "Expected a value in [-10.0, 10.0] from source tests, found NaN",
            "Expected a value in [-10.0, 10.0] from source tests, found 10.5");
  }

  @Test
  void aTypedNonValueOfARequiredSourceDropsTheGroupWithoutWaiting() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).reward(0, "tests", null).rollout(1, 2);
    assertThat(drop.group().getDropReason()).isEqualTo("NO_VALUE:tests");
  }

  @Test
  void sourcesInForceAreThoseOfTheFirstRollout() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2);
    drop.source("late", 5, true, 500);
    drop.reward(0, "late", 1.0).rollout(1, 2).reward(0, "tests", 1.0).reward(1, "tests", 0.0);
    assertThat(drop.group().getSources()).extracting(GroupSource::getName).containsExactly("tests");
    assertThat(drop.counts()).containsEntry(Occurrence.SOURCE_NOT_IN_FORCE, 1);
    assertThat(drop.of(RewardRefused.class)).isEmpty();
  }

  @Test
  void aRemovedSourceStillCountsForGroupsOpenedBefore() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2);
    drop.registry.clear();
    drop.rollout(1, 2).reward(0, "tests", 1.0).reward(1, "tests", 0.0);
    assertThat(drop.group().getStatus()).isEqualTo(GroupStatus.COMPLETE);
  }

  @Test
  void aSourceThatTheRunDoesNotKnowGoesToTheDeadLetters() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).reward(0, "gossip", 1.0);
    assertThat(drop.of(RewardRefused.class).get(0).why())
        .contains("[tests]", "found 'gossip'", "couplet rewards add gossip");
  }

  @Test
  void aRewardForAnotherPolicyVersionIsNotMeant() throws Exception {
    drop.source("tests", 1, true, 500);
    drop.deliver(0, AssemblyFixture.reward("tests", 0.5, 9L));
    drop.deliver(0, AssemblyFixture.reward("tests", 1.0, 3L));
    drop.rollout(0, 2).rollout(1, 2);
    drop.deliver(1, AssemblyFixture.reward("tests", 0.7, 2L)).reward(1, "tests", 0.0);
    assertThat(drop.group().getMembers())
        .extracting(GroupMember::getReward)
        .containsExactly(1.0, 0.0);
    assertThat(drop.counts()).containsEntry(Occurrence.OTHER_VERSION, 2);
  }

  @Test
  void duplicatesDoNotReopenAClosedGroup() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).rollout(1, 2);
    drop.reward(0, "tests", 1.0).reward(1, "tests", 0.0);
    assertThat(drop.store.remembersMembers()).isFalse();
    drop.restart(5).advance(AssemblyFixture.REMEMBER - 1);
    drop.rollout(0, 2).reward(0, "tests", 1.0);
    assertThat(drop.closed()).hasSize(1);
    assertThat(drop.counts())
        .containsEntry(Occurrence.DUPLICATE_ROLLOUT, 1)
        .containsEntry(Occurrence.DUPLICATE_REWARD, 1);
    drop.advance(1);
    assertThat(drop.store.isEmpty()).isTrue();
  }

  @Test
  void aRewardAfterTheDeadlineIsCountedAsLate() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).rollout(1, 2).advance(500);
    drop.reward(0, "tests", 1.0);
    assertThat(drop.counts()).containsEntry(Occurrence.LATE_REWARD, 1);
    assertThat(drop.closed()).hasSize(1);
  }

  @Test
  void aRestartGivesDeadlinesTheirFullTimeAgain() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).rollout(1, 2).advance(499);
    drop.restart(1_000_000);
    assertThat(drop.closed()).isEmpty();
    drop.advance(499);
    assertThat(drop.closed()).isEmpty();
    drop.advance(1);
    assertThat(drop.group().getDropReason()).isEqualTo("DEADLINE:tests");
  }

  /** Each timer is state that is written, read and deleted again. */
  @Test
  void aGroupHasOneTimerAtATime() throws Exception {
    drop.source("tests", 1, true, 2_000).source("style", 1, false, 2_000);
    for (int member = 0; member < 8; member++) {
      drop.rollout(member, 8).advance(1);
    }
    for (int member = 0; member < 7; member++) {
      drop.reward(member, "tests", 1.0).reward(member, "style", 1.0).advance(1);
    }
    assertThat(drop.of(WakeAt.class)).containsExactly(new WakeAt(1_000));

    drop.advance(985).advance(20);
    assertThat(drop.of(WakeAt.class)).endsWith(new WakeAt(2_007)).hasSize(2);
    drop.reward(7, "tests", 1.0).advance(1_000);
    assertThat(drop.of(WakeAt.class)).hasSize(3);
    assertThat(drop.group().getStatus()).isEqualTo(GroupStatus.COMPLETE);
  }

  @Test
  void rewardsWithoutARolloutEndInTheDeadLetters() throws Exception {
    drop.source("tests", 1, true, 500).reward(0, "tests", 1.0).reward(1, "tests", 1.0);
    drop.advance(AssemblyFixture.HELD);
    assertThat(drop.of(RewardRefused.class)).hasSize(2);
    assertThat(drop.counts()).containsEntry(Occurrence.ORPHAN, 2);
    assertThat(drop.store.isEmpty()).isTrue();
  }

  @Test
  void aRewardForAMemberThatCannotExistIsRefused() throws Exception {
    drop.source("tests", 1, true, 500).reward(7, "tests", 1.0).reward(-1, "tests", 1.0);
    drop.rollout(0, 2).reward(2, "tests", 1.0);
    assertThat(drop.of(RewardRefused.class))
        .extracting(RewardRefused::why)
        .containsExactly(
            "Expected a member of 0 or more, found -1",
            "Expected a member in 0..1 of group p1@0, found 7",
            "Expected a member in 0..1 of group p1@0, found 2");
  }

  @Test
  void aRolloutThatDoesNotFitItsGroupIsRefused() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, 2).rollout(1, 3).rollout(5, 2);
    assertThat(drop.of(RolloutRefused.class)).hasSize(2);
    assertThat(drop.closed()).isEmpty();
  }

  @Test
  void aGroupOfBillionsIsRefusedBeforeAnythingIsHeldForIt() throws Exception {
    drop.source("tests", 1, true, 500).rollout(0, Integer.MAX_VALUE);
    assertThat(drop.of(RolloutRefused.class))
        .extracting(RolloutRefused::why)
        .containsExactly("Expected a group of at most 16 members, found 2147483647");
    assertThat(drop.store.isEmpty()).isTrue();
  }

  @Test
  void aGroupWithoutSourcesIsDroppedWithThatReason() throws Exception {
    drop.rollout(0, 2).rollout(1, 2);
    assertThat(drop.group().getDropReason()).isEqualTo("NO_SOURCES");
  }
}
