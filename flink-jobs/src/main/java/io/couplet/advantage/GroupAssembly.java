package io.couplet.advantage;

import io.couplet.advantage.AssemblyEvent.Closed;
import io.couplet.advantage.AssemblyEvent.Noted;
import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.AssemblyEvent.RolloutRefused;
import io.couplet.advantage.AssemblyEvent.WakeAt;
import io.couplet.advantage.state.FailedMember;
import io.couplet.advantage.state.GroupPhase;
import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.HeldReward;
import io.couplet.advantage.state.MemberRewards;
import io.couplet.advantage.state.SourceInForce;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Completion;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Makes groups out of rollouts and rewards that come in any order, more than once, late or never.
 * One instance serves all groups: what is known of a group lies in its {@link GroupStore}, and each
 * method returns what is to be done. Thread-safe as far as the stores are not shared.
 *
 * <p>The rules: the first rollout opens the group and fixes the reward sources in force; the first
 * word of a source about a member counts; the group closes when all members have come and every
 * required source has spoken about each (where none is required, the optional ones hold the group
 * up to their deadlines); a missing reward is never a zero.
 */
public final class GroupAssembly {
  /** Why a member is absent that never came; later than that it is late, not a duplicate. */
  static final String MISSING = "MISSING";

  private final AssemblyRules rules;
  private final GroupClosing closing;

  public GroupAssembly(AssemblyRules rules, AdvantageFormula formula) {
    this.rules = rules;
    this.closing = new GroupClosing(rules.incomplete(), formula);
  }

  /**
   * A rollout came.
   *
   * @param registry the run's reward sources by name, in force for a group that this opens
   * @param wallMs wall clock, for reports only
   */
  public List<AssemblyEvent> rollout(
      GroupStore store,
      Rollout rollout,
      Map<String, RewardSource> registry,
      SteadyTime now,
      long wallMs)
      throws Exception {
    List<AssemblyEvent> events = new ArrayList<>();
    GroupProgress group = rebased(store.progress(), now);
    String refusal = refusal(rollout, group);
    if (refusal != null) {
      events.add(new RolloutRefused(rollout, refusal));
      return events;
    }
    if (group != null && group.getPhase() == GroupPhase.CLOSED) {
      events.add(new Noted(repetition(group, rollout.getMember()), ""));
      return events;
    }
    if (group == null || group.getPhase() == GroupPhase.HELD) {
      boolean held = group != null;
      group = open(rollout, registry.values(), now, wallMs);
      events.add(new Noted(Occurrence.OPENED, ""));
      if (held) {
        HeldRewards.refuseOutOfRange(store, group, events);
      }
    }
    if (isPresent(group, rollout.getMember())) {
      events.add(new Noted(repetition(group, rollout.getMember()), ""));
      return events;
    }
    admit(store, group, rollout, registry, events);
    if (allPresent(group)) {
      group.setArrivedAt(now.millis());
    }
    settle(store, group, now, wallMs, events);
    return events;
  }

  /** A source spoke about a member of a group. */
  public List<AssemblyEvent> reward(
      GroupStore store,
      String groupId,
      int member,
      HeldReward reward,
      Map<String, RewardSource> registry,
      SteadyTime now,
      long wallMs)
      throws Exception {
    List<AssemblyEvent> events = new ArrayList<>();
    GroupProgress group = rebased(store.progress(), now);
    boolean opened = group != null && group.getPhase() != GroupPhase.HELD;
    if (member < 0 || (opened && member >= group.getGroupSize())) {
      String why =
          opened
              ? HeldRewards.noSuchMember(groupId, member, group.getGroupSize())
              : "Expected a member of 0 or more, found " + member;
      events.add(new RewardRefused(groupId, reward, why));
      return events;
    }
    if (!opened) {
      if (group == null) {
        group = held(groupId, now);
        wakeAt(group, now.millis() + rules.heldMs(), events);
      }
      store.progress(group);
      HeldRewards.hold(store, member, reward, events);
      return events;
    }
    if (!RewardJudge.isInForce(group, reward, registry, events)) {
      return events;
    }
    if (group.getPhase() == GroupPhase.CLOSED) {
      events.add(new Noted(RewardJudge.lateness(group, member, reward), reward.getSource()));
    } else if (group.getArrived().contains(member)) {
      MemberRewards rewards = HeldRewards.of(store, member);
      if (rewards.getSampledAt() == null) {
        // State of a build that did not keep it here.
        rewards.setSampledAt(store.sample(member).getPolicyVersion());
      }
      RewardJudge.judge(group, rewards, reward, events);
      store.rewards(rewards);
      settle(store, group, now, wallMs, events);
    } else if (isPresent(group, member)) {
      events.add(new Noted(Occurrence.WITHOUT_SAMPLE, reward.getSource()));
    } else {
      HeldRewards.hold(store, member, reward, events);
    }
    return events;
  }

  /** The time asked for by {@link WakeAt} has come, or a restart lies in between. */
  public List<AssemblyEvent> wake(GroupStore store, SteadyTime now, long wallMs) throws Exception {
    List<AssemblyEvent> events = new ArrayList<>();
    GroupProgress group = rebased(store.progress(), now);
    if (group == null) {
      return events;
    }
    group.setWakeAt(null);
    switch (group.getPhase()) {
      case HELD -> {
        if (now.millis() < group.getSince() + rules.heldMs()) {
          wakeAt(group, group.getSince() + rules.heldMs(), events);
          store.progress(group);
        } else {
          HeldRewards.refuseOrphans(store, group.getGroup(), rules.heldMs(), events);
          store.forget();
        }
      }
      case OPEN -> {
        expire(group, now);
        settle(store, group, now, wallMs, events);
      }
      case CLOSED -> {
        if (now.millis() < group.getSince() + rules.rememberMs()) {
          wakeAt(group, group.getSince() + rules.rememberMs(), events);
          store.progress(group);
        } else {
          store.forget();
          events.add(new Noted(Occurrence.FORGOTTEN, ""));
        }
      }
      default -> throw new IllegalStateException("Unknown phase " + group.getPhase());
    }
    return events;
  }

  /** Deadlines of another clock start anew: time in which nothing ran is nobody's delay. */
  private static GroupProgress rebased(GroupProgress group, SteadyTime now) {
    if (group != null && group.getIncarnation() != now.incarnation()) {
      group.setIncarnation(now.incarnation());
      group.setSince(now.millis());
      group.setWakeAt(null);
      if (group.getArrivedAt() != null) {
        group.setArrivedAt(now.millis());
      }
    }
    return group;
  }

  private String refusal(Rollout rollout, GroupProgress group) {
    int size = rollout.getGroupSize();
    if (size > rules.mostMembers()) {
      return "Expected a group of at most " + rules.mostMembers() + " members, found " + size;
    }
    if (size < 1 || rollout.getMember() < 0 || rollout.getMember() >= size) {
      return "Expected a member in 0.." + (size - 1) + ", found " + rollout.getMember();
    }
    if (group != null && group.getPhase() != GroupPhase.HELD && group.getGroupSize() != size) {
      return "Expected group size "
          + group.getGroupSize()
          + " as in the group's first rollout, found "
          + size;
    }
    return null;
  }

  private static GroupProgress held(String groupId, SteadyTime now) {
    return GroupProgress.newBuilder()
        .setPhase(GroupPhase.HELD)
        .setIncarnation(now.incarnation())
        .setSince(now.millis())
        .setGroup(groupId)
        .build();
  }

  private static GroupProgress open(
      Rollout rollout, Collection<RewardSource> registry, SteadyTime now, long wallMs) {
    List<SourceInForce> sources = new ArrayList<>();
    registry.stream()
        .sorted(Comparator.comparing(RewardSource::getName))
        .forEach(
            source ->
                sources.add(
                    SourceInForce.newBuilder()
                        .setName(source.getName())
                        .setWeight(source.getWeight())
                        .setRequired(source.getRequired())
                        .setDeadlineMs(source.getDeadlineMs())
                        .setMinimum(source.getMinimum())
                        .setMaximum(source.getMaximum())
                        .setAnswered(new ArrayList<>())
                        .build()));
    return GroupProgress.newBuilder()
        .setPhase(GroupPhase.OPEN)
        .setIncarnation(now.incarnation())
        .setSince(now.millis())
        .setOpenedMs(wallMs)
        .setRun(rollout.getRun())
        .setGroup(rollout.getGroup())
        .setSequence(rollout.getSequence())
        .setEpoch(rollout.getEpoch())
        .setProblemId(rollout.getProblem().getId())
        .setGroupSize(rollout.getGroupSize())
        .setMinPolicyVersion(rollout.getPolicyVersion())
        .setMaxPolicyVersion(rollout.getPolicyVersion())
        .setArrived(new ArrayList<>())
        .setFailed(new ArrayList<>())
        .setSources(sources)
        .build();
  }

  private void admit(
      GroupStore store,
      GroupProgress group,
      Rollout rollout,
      Map<String, RewardSource> registry,
      List<AssemblyEvent> events)
      throws Exception {
    int member = rollout.getMember();
    long version = rollout.getPolicyVersion();
    group.setMinPolicyVersion(Math.min(group.getMinPolicyVersion(), version));
    group.setMaxPolicyVersion(Math.max(group.getMaxPolicyVersion(), version));
    MemberRewards rewards = HeldRewards.of(store, member);
    List<HeldReward> held = rewards.getHeld();
    rewards.setHeld(new ArrayList<>());
    if (rollout.getOutcome() instanceof Completion completion) {
      store.sample(sampleOf(rollout, completion));
      rewards.setSampledAt(version);
      group.getArrived().add(member);
      for (HeldReward reward : held) {
        if (RewardJudge.isInForce(group, reward, registry, events)) {
          RewardJudge.judge(group, rewards, reward, events);
        }
      }
    } else {
      GenerationFailure failure = (GenerationFailure) rollout.getOutcome();
      fail(group, member, "GENERATION_FAILED:" + failure.getReason());
      for (HeldReward reward : held) {
        events.add(new Noted(Occurrence.WITHOUT_SAMPLE, reward.getSource()));
      }
    }
    store.rewards(rewards);
  }

  private static GroupMember sampleOf(Rollout rollout, Completion completion) {
    return GroupMember.newBuilder()
        .setMember(rollout.getMember())
        .setPolicyVersion(rollout.getPolicyVersion())
        .setPolicySha256(rollout.getPolicySha256())
        .setPromptIds(completion.getPromptIds())
        .setCompletionIds(completion.getCompletionIds())
        .setBehaviourScores(completion.getBehaviourScores())
        .setRewards(List.of())
        .setReward(0)
        .setAdvantage(0)
        .build();
  }

  private static void fail(GroupProgress group, int member, String reason) {
    group.getFailed().add(new FailedMember(member, reason));
    if (group.getIncompleteBecause() == null) {
      group.setIncompleteBecause(reason);
    }
  }

  private void expire(GroupProgress group, SteadyTime now) {
    if (group.getArrivedAt() == null
        && now.millis() >= group.getSince() + rules.memberDeadlineMs()) {
      for (int member = 0; member < group.getGroupSize(); member++) {
        if (!isPresent(group, member)) {
          fail(group, member, MISSING);
        }
      }
      group.setArrivedAt(now.millis());
    }
    if (group.getArrivedAt() != null) {
      for (SourceInForce source : HoldingSources.of(group)) {
        if (now.millis() >= group.getArrivedAt() + source.getDeadlineMs()) {
          HoldingSources.expire(group, source);
        }
      }
    }
  }

  /** Closes the group if nothing more is worth waiting for, and stores what is known of it. */
  private void settle(
      GroupStore store,
      GroupProgress group,
      SteadyTime now,
      long wallMs,
      List<AssemblyEvent> events)
      throws Exception {
    boolean doomed =
        rules.incomplete() == IncompleteGroups.DROP && group.getIncompleteBecause() != null;
    if (allPresent(group) && (doomed || HoldingSources.allDone(group))) {
      events.add(new Closed(closing.close(group, store, wallMs)));
      HeldRewards.noteRemaining(store, events);
      store.forgetMembers();
      group.setPhase(GroupPhase.CLOSED);
      group.setSince(now.millis());
      group.setArrivedAt(null);
      wakeAt(group, now.millis() + rules.rememberMs(), events);
    } else if (allPresent(group)) {
      wakeAt(group, group.getArrivedAt() + HoldingSources.nextDeadlineMs(group), events);
    } else {
      wakeAt(group, group.getSince() + rules.memberDeadlineMs(), events);
    }
    store.progress(group);
  }

  /** A timer that is set for an earlier time will ask for this one when it fires. */
  private static void wakeAt(GroupProgress group, long millis, List<AssemblyEvent> events) {
    if (group.getWakeAt() == null || millis < group.getWakeAt()) {
      group.setWakeAt(millis);
      events.add(new WakeAt(millis));
    }
  }

  private static boolean isPresent(GroupProgress group, int member) {
    return group.getArrived().contains(member)
        || group.getFailed().stream().anyMatch(failed -> failed.getMember() == member);
  }

  private static boolean allPresent(GroupProgress group) {
    return group.getArrived().size() + group.getFailed().size() == group.getGroupSize();
  }

  private static Occurrence repetition(GroupProgress group, int member) {
    boolean came =
        group.getArrived().contains(member)
            || group.getFailed().stream()
                .anyMatch(f -> f.getMember() == member && !f.getReason().equals(MISSING));
    return came ? Occurrence.DUPLICATE_ROLLOUT : Occurrence.LATE_ROLLOUT;
  }
}
