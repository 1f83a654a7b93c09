package io.couplet.learner;

import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import java.util.Collections;
import java.util.List;

/** Groups for tapes of run "r": completions of 3 tokens, one inner iteration. */
public final class Tapes {
  public static final int LENGTH = 3;
  public static final SequenceLimits LIMITS = new SequenceLimits(100, 64);

  private Tapes() {}

  public static TapeSettings settings(int groupsPerUpdate, int maxVersionsBehind) {
    return new TapeSettings("r", groupsPerUpdate, maxVersionsBehind, LENGTH, 1, 100);
  }

  public static Group usable(String id, long version) {
    return group(id, version, GroupStatus.COMPLETE, 0.5f, -0.5f);
  }

  public static Group flat(String id, long version) {
    return group(id, version, GroupStatus.COMPLETE, 0f, 0f);
  }

  public static Group dropped(String id, String reason) {
    Group group = group(id, 0, GroupStatus.DROPPED);
    group.setDropReason(reason);
    return group;
  }

  public static Group group(String id, long version, GroupStatus status, float... advantages) {
    java.util.ArrayList<GroupMember> members = new java.util.ArrayList<>();
    for (int m = 0; m < advantages.length; m++) {
      members.add(
          GroupMember.newBuilder()
              .setMember(m)
              .setPolicyVersion(version)
              .setPolicySha256("aa")
              .setPromptIds(List.of(1, 2))
              .setCompletionIds(List.of(3, 4, m))
              .setBehaviourScores(List.of(Collections.nCopies(LENGTH, -1f)))
              .setRewards(List.of())
              .setReward(advantages[m] + 0.5)
              .setAdvantage(advantages[m])
              .build());
    }
    return Group.newBuilder()
        .setRun("r")
        .setGroup(id)
        .setSequence(0)
        .setEpoch(0)
        .setProblemId("p")
        .setStatus(status)
        .setSources(List.of())
        .setMembers(members)
        .setMinPolicyVersion(version)
        .setMaxPolicyVersion(version)
        .setOpenedMs(0)
        .setClosedMs(0)
        .build();
  }
}
