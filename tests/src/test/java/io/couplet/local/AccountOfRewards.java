package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.Reward;
import io.couplet.schemas.SourceReward;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the rewards on a tape are those that the sources gave. */
final class AccountOfRewards {
  private final Map<String, Set<Double>> given = new HashMap<>();

  AccountOfRewards(List<Reward> rewards) {
    for (Reward reward : rewards) {
      given
          .computeIfAbsent(
              place(reward.getSource(), reward.getGroup(), reward.getMember()),
              any -> new HashSet<>())
          .add(reward.getValue());
    }
  }

  private static String place(String source, String group, int member) {
    return source + " " + group + "/" + member;
  }

  /** Every value was given; a complete group has one of each source, and their weighted sum. */
  void require(List<Group> tape) {
    for (Group group : tape) {
      Map<String, Double> weights =
          group.getSources().stream()
              .collect(Collectors.toMap(GroupSource::getName, GroupSource::getWeight));
      for (GroupMember member : group.getMembers()) {
        double sum = 0;
        for (SourceReward reward : member.getRewards()) {
          if (reward.getValue() != null) {
            String place = place(reward.getSource(), group.getGroup(), member.getMember());
            assertThat(reward.getValue()).as(place).isBetween(0.0, 1.0).isIn(given.get(place));
            sum += weights.get(reward.getSource()) * reward.getValue();
          }
        }
        if (group.getStatus() == GroupStatus.COMPLETE) {
          assertThat(member.getRewards())
              .extracting(SourceReward::getSource)
              .containsExactlyInAnyOrderElementsOf(weights.keySet());
          assertThat(member.getRewards()).allMatch(reward -> reward.getValue() != null);
          assertThat(member.getReward()).isCloseTo(sum, within(1e-9));
        }
      }
    }
  }
}
