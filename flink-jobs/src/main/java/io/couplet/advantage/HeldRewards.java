package io.couplet.advantage;

import io.couplet.advantage.AssemblyEvent.Noted;
import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.HeldReward;
import io.couplet.advantage.state.MemberRewards;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Rewards that came before the rollout they mean. */
final class HeldRewards {
  private HeldRewards() {}

  static MemberRewards of(GroupStore store, int member) throws Exception {
    MemberRewards rewards = store.rewards(member);
    return rewards == null
        ? new MemberRewards(member, null, new ArrayList<>(), new ArrayList<>())
        : rewards;
  }

  /** Keeps the first word of each source for each policy version. */
  static void hold(GroupStore store, int member, HeldReward reward, List<AssemblyEvent> events)
      throws Exception {
    MemberRewards rewards = of(store, member);
    boolean known =
        rewards.getHeld().stream()
            .anyMatch(
                other ->
                    other.getSource().equals(reward.getSource())
                        && Objects.equals(other.getPolicyVersion(), reward.getPolicyVersion()));
    if (known) {
      events.add(new Noted(Occurrence.DUPLICATE_REWARD, reward.getSource()));
    } else {
      rewards.getHeld().add(reward);
      store.rewards(rewards);
    }
  }

  /** The group has opened and turns out to have fewer members than rewards were sent for. */
  static void refuseOutOfRange(GroupStore store, GroupProgress group, List<AssemblyEvent> events)
      throws Exception {
    for (MemberRewards rewards : snapshot(store)) {
      if (rewards.getMember() >= group.getGroupSize()) {
        String why = noSuchMember(group.getGroup(), rewards.getMember(), group.getGroupSize());
        for (HeldReward reward : rewards.getHeld()) {
          events.add(new RewardRefused(group.getGroup(), reward, why));
        }
        rewards.setHeld(new ArrayList<>());
        store.rewards(rewards);
      }
    }
  }

  /** No rollout of the group came. */
  static void refuseOrphans(GroupStore store, String group, long heldMs, List<AssemblyEvent> events)
      throws Exception {
    for (MemberRewards rewards : snapshot(store)) {
      for (HeldReward reward : rewards.getHeld()) {
        events.add(new Noted(Occurrence.ORPHAN, reward.getSource()));
        events.add(
            new RewardRefused(
                group,
                reward,
                "Expected a rollout of group " + group + " within " + heldMs + " ms, none came"));
      }
    }
  }

  /** The group closes: what is still held means members that never came. */
  static void noteRemaining(GroupStore store, List<AssemblyEvent> events) throws Exception {
    for (MemberRewards rewards : snapshot(store)) {
      for (HeldReward reward : rewards.getHeld()) {
        events.add(new Noted(Occurrence.WITHOUT_SAMPLE, reward.getSource()));
      }
    }
  }

  static String noSuchMember(String group, int member, int groupSize) {
    return "Expected a member in 0.."
        + (groupSize - 1)
        + " of group "
        + group
        + ", found "
        + member;
  }

  private static List<MemberRewards> snapshot(GroupStore store) throws Exception {
    List<MemberRewards> all = new ArrayList<>();
    store.allRewards().forEach(all::add);
    return all;
  }
}
