package io.couplet.advantage;

import io.couplet.advantage.AssemblyEvent.Noted;
import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.state.Answer;
import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.HeldReward;
import io.couplet.advantage.state.MemberRewards;
import io.couplet.advantage.state.SourceInForce;
import io.couplet.schemas.RewardSource;
import java.util.List;
import java.util.Map;

/** Decides what one reward means for the member it is about. */
final class RewardJudge {
  private RewardJudge() {}

  /**
   * Whether the reward's source counts for this group; notes it if not, and refuses it if the run
   * does not know the source at all.
   */
  static boolean isInForce(
      GroupProgress group,
      HeldReward reward,
      Map<String, RewardSource> registry,
      List<AssemblyEvent> events) {
    if (source(group, reward) != null) {
      return true;
    }
    events.add(new Noted(Occurrence.SOURCE_NOT_IN_FORCE, reward.getSource()));
    if (!registry.containsKey(reward.getSource())) {
      events.add(
          new RewardRefused(
              group.getGroup(),
              reward,
              "Expected a reward source of the run, one of "
                  + registry.keySet().stream().sorted().toList()
                  + ", found '"
                  + reward.getSource()
                  + "'; add it with: couplet rewards add "
                  + reward.getSource()));
    }
    return false;
  }

  /**
   * Takes the reward as its source's answer about a member whose completion has come, unless
   * something stands against it.
   */
  static void judge(
      GroupProgress group, MemberRewards rewards, HeldReward reward, List<AssemblyEvent> events) {
    SourceInForce source = source(group, reward);
    Long meant = reward.getPolicyVersion();
    if (meant != null && !meant.equals(rewards.getSampledAt())) {
      events.add(new Noted(Occurrence.OTHER_VERSION, source.getName()));
      return;
    }
    if (source.getAnswered().contains(rewards.getMember())) {
      events.add(new Noted(Occurrence.DUPLICATE_REWARD, source.getName()));
      return;
    }
    source.getAnswered().add(rewards.getMember());
    Double value = reward.getValue();
    if (value == null) {
      String reason = reward.getReason() == null ? "NOT_GIVEN" : reward.getReason();
      withoutValue(group, source, rewards, reason);
      events.add(new Noted(Occurrence.NO_VALUE, source.getName()));
    } else if (!(value >= source.getMinimum() && value <= source.getMaximum())) {
      String why =
          "Expected a value in ["
              + source.getMinimum()
              + ", "
              + source.getMaximum()
              + "] from source "
              + source.getName()
              + ", found "
              + value;
      withoutValue(group, source, rewards, "INVALID: " + why);
      events.add(new Noted(Occurrence.INVALID_VALUE, source.getName()));
      events.add(new RewardRefused(group.getGroup(), reward, why));
    } else {
      rewards.getAnswers().add(new Answer(source.getName(), value, null));
      events.add(new Noted(Occurrence.REWARD, source.getName()));
    }
  }

  /** What a reward for a closed group is. */
  static Occurrence lateness(GroupProgress group, int member, HeldReward reward) {
    return source(group, reward).getAnswered().contains(member)
        ? Occurrence.DUPLICATE_REWARD
        : Occurrence.LATE_REWARD;
  }

  private static void withoutValue(
      GroupProgress group, SourceInForce source, MemberRewards rewards, String reason) {
    rewards.getAnswers().add(new Answer(source.getName(), null, reason));
    if (source.getRequired() && group.getIncompleteBecause() == null) {
      group.setIncompleteBecause("NO_VALUE:" + source.getName());
    }
  }

  private static SourceInForce source(GroupProgress group, HeldReward reward) {
    for (SourceInForce source : group.getSources()) {
      if (source.getName().equals(reward.getSource())) {
        return source;
      }
    }
    return null;
  }
}
