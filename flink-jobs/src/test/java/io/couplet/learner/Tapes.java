package io.couplet.learner;

import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

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

  /** Usable groups, two for each version of a learner that updates on two. */
  public static List<Group> usable(int count) {
    List<Group> tape = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tape.add(usable("g" + i, Math.max(0, i / 2 - 1)));
    }
    return tape;
  }

  /** With flat, dropped and repeated groups among the usable ones. */
  public static List<Group> mixed(int length) {
    List<Group> tape = new ArrayList<>();
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      // Slower than updates are made, so that some are stale and the others go on making updates.
      long version = Math.max(0, i / 5 - 1);
      switch (random.nextInt(6)) {
        case 0 -> tape.add(flat("flat" + i, version));
        case 1 -> tape.add(dropped("gone" + i, "DEADLINE:tests"));
        case 2 -> tape.add(i == 0 ? usable("g0", 0) : tape.get(i - 1));
        default -> tape.add(usable("g" + i, version));
      }
    }
    return tape;
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
    List<GroupMember> members = new ArrayList<>();
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
