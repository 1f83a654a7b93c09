package io.couplet.advantage;

import io.couplet.advantage.state.Answer;
import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.MemberRewards;
import io.couplet.advantage.state.SourceInForce;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.SourceReward;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The record that a group becomes when nothing more is waited for. A member takes part if every
 * required source gave it a value. An optional source counts only if it gave a value to every
 * member that takes part: members are compared with each other, so all are measured by the same
 * sum.
 */
final class GroupClosing {
  private final IncompleteGroups incomplete;
  private final AdvantageFormula formula;

  GroupClosing(IncompleteGroups incomplete, AdvantageFormula formula) {
    this.incomplete = incomplete;
    this.formula = formula;
  }

  Group close(GroupProgress group, GroupStore store, long wallMs) throws Exception {
    List<SourceInForce> sources = group.getSources();
    List<SourceInForce> required = sources.stream().filter(SourceInForce::getRequired).toList();
    List<GroupMember> members = new ArrayList<>();
    Map<Integer, Map<String, Answer>> answers = new HashMap<>();
    for (int member : group.getArrived().stream().sorted().toList()) {
      Map<String, Answer> said = answersOf(store.rewards(member));
      if (required.stream().allMatch(source -> hasValue(said, source))) {
        members.add(store.sample(member));
        answers.put(member, said);
      }
    }
    List<SourceInForce> counted =
        sources.stream()
            .filter(s -> answers.values().stream().allMatch(said -> hasValue(said, s)))
            .toList();
    String drop = dropReason(group, members.size(), counted);
    if (drop == null) {
      for (GroupMember member : members) {
        reward(member, answers.get(member.getMember()), sources, counted);
      }
      if (members.stream().allMatch(member -> Double.isFinite(member.getReward()))) {
        return rewarded(group, members, wallMs);
      }
      drop = "NON_FINITE_REWARD";
    }
    return record(group, GroupStatus.DROPPED, drop, List.of(), wallMs);
  }

  private String dropReason(GroupProgress group, int taking, List<SourceInForce> counted) {
    if (group.getSources().isEmpty()) {
      return "NO_SOURCES";
    }
    boolean complete = taking == group.getGroupSize();
    if (!complete && incomplete == IncompleteGroups.DROP) {
      return group.getIncompleteBecause();
    }
    if (taking < 2) {
      String because = group.getIncompleteBecause();
      return "TOO_FEW_MEMBERS" + (because == null ? "" : ":" + because);
    }
    return counted.isEmpty() ? "NO_REWARDS" : null;
  }

  private static void reward(
      GroupMember member,
      Map<String, Answer> said,
      List<SourceInForce> sources,
      List<SourceInForce> counted) {
    double sum = 0;
    List<SourceReward> rewards = new ArrayList<>();
    for (SourceInForce source : sources) {
      Answer answer = said.get(source.getName());
      if (counted.contains(source)) {
        sum += source.getWeight() * answer.getValue();
        rewards.add(new SourceReward(source.getName(), answer.getValue(), null));
      } else if (answer == null) {
        rewards.add(new SourceReward(source.getName(), null, "NOT_THERE_AT_CLOSING"));
      } else {
        String reason =
            answer.getValue() == null ? answer.getReason() : "NOT_COUNTED: other members lack it";
        rewards.add(new SourceReward(source.getName(), answer.getValue(), reason));
      }
    }
    member.setRewards(rewards);
    member.setReward(sum);
  }

  private Group rewarded(GroupProgress group, List<GroupMember> members, long wallMs) {
    float[] advantages =
        formula.advantages(members.stream().mapToDouble(GroupMember::getReward).toArray());
    for (int i = 0; i < advantages.length; i++) {
      members.get(i).setAdvantage(advantages[i]);
    }
    GroupStatus status =
        members.size() == group.getGroupSize() ? GroupStatus.COMPLETE : GroupStatus.PARTIAL;
    return record(group, status, null, members, wallMs);
  }

  private static Group record(
      GroupProgress group,
      GroupStatus status,
      String dropReason,
      List<GroupMember> members,
      long wallMs) {
    return Group.newBuilder()
        .setRun(group.getRun())
        .setGroup(group.getGroup())
        .setSequence(group.getSequence())
        .setEpoch(group.getEpoch())
        .setProblemId(group.getProblemId())
        .setStatus(status)
        .setDropReason(dropReason)
        .setSources(
            group.getSources().stream()
                .map(s -> new GroupSource(s.getName(), s.getWeight(), s.getRequired()))
                .toList())
        .setMembers(members)
        .setMinPolicyVersion(
            members.stream()
                .mapToLong(GroupMember::getPolicyVersion)
                .min()
                .orElse(group.getMinPolicyVersion()))
        .setMaxPolicyVersion(
            members.stream()
                .mapToLong(GroupMember::getPolicyVersion)
                .max()
                .orElse(group.getMaxPolicyVersion()))
        .setOpenedMs(group.getOpenedMs())
        .setClosedMs(wallMs)
        .build();
  }

  private static Map<String, Answer> answersOf(MemberRewards rewards) {
    Map<String, Answer> answers = new HashMap<>();
    if (rewards != null) {
      rewards.getAnswers().forEach(answer -> answers.put(answer.getSource(), answer));
    }
    return answers;
  }

  private static boolean hasValue(Map<String, Answer> said, SourceInForce source) {
    Answer answer = said.get(source.getName());
    return answer != null && answer.getValue() != null;
  }
}
