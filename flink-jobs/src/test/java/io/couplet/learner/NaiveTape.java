package io.couplet.learner;

import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rules of docs/replay.md once more, in the simplest way: everything is worked out anew from
 * the whole tape whenever it is asked for. What {@link TapeRules} does is held against this.
 */
final class NaiveTape {
  private final TapeSettings settings;
  private final SequenceLimits limits;
  private final List<Group> tape = new ArrayList<>();
  private final List<Boolean> finite = new ArrayList<>();

  NaiveTape(TapeSettings settings, SequenceLimits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  /** What is known after a tape: its records' fates and where the run stands. */
  static final class Account {
    /** For each record: null when it is or was pending, else the start of the reason to skip it. */
    final List<String> skipped = new ArrayList<>();

    /** For each record: the step of the update that used it or that it was read for, from 1. */
    final List<Integer> steps = new ArrayList<>();

    final List<Integer> pending = new ArrayList<>();
    int step;
    long version;
    long consumed;
  }

  void write(Group group) {
    tape.add(group);
  }

  /** How the next update ended. */
  void concluded(boolean wasFinite) {
    finite.add(wasFinite);
  }

  Account account() {
    Account account = new Account();
    List<String> remembered = new ArrayList<>();
    for (int offset = 0; offset < tape.size(); offset++) {
      Group group = tape.get(offset);
      String reason =
          remembered.contains(group.getGroup()) ? "DUPLICATE" : skip(group, account.version);
      account.skipped.add(reason);
      account.steps.add(account.step + 1);
      if (!"DUPLICATE".equals(reason)) {
        remembered.add(group.getGroup());
        if (reason == null) {
          account.pending.add(offset);
        } else {
          account.consumed++;
          forget(remembered);
        }
      }
      boolean full = account.pending.size() == settings.groupsPerUpdate();
      if (full && account.step < finite.size()) {
        account.version += finite.get(account.step) ? 1 : 0;
        account.step++;
        account.consumed += account.pending.size();
        account.pending.clear();
        forget(remembered);
      }
    }
    return account;
  }

  private void forget(List<String> remembered) {
    while (remembered.size() > settings.rememberedGroups()) {
      remembered.remove(0);
    }
  }

  private String skip(Group group, long version) {
    if (group.getStatus() == GroupStatus.DROPPED) {
      return "DROPPED";
    }
    BigInteger oldest = BigInteger.valueOf(group.getMinPolicyVersion());
    BigInteger behind = BigInteger.valueOf(version).subtract(oldest);
    boolean exists = oldest.signum() >= 0 && behind.signum() >= 0;
    if (exists && behind.compareTo(BigInteger.valueOf(settings.maxVersionsBehind())) > 0) {
      return "STALE";
    }
    boolean trainable =
        exists
            && group.getRun().equals(settings.run())
            && !group.getMembers().isEmpty()
            && distinct(group.getMembers().stream().map(GroupMember::getMember).toList())
            && group.getMembers().stream().allMatch(this::isTrainable);
    if (!trainable) {
      return "INVALID";
    }
    boolean varies = group.getMembers().stream().anyMatch(member -> member.getAdvantage() != 0);
    return varies ? null : "ZERO_VARIANCE";
  }

  private static boolean distinct(List<Integer> members) {
    return new HashSet<>(members).size() == members.size();
  }

  private boolean isTrainable(GroupMember member) {
    List<Integer> ids = new ArrayList<>(member.getPromptIds());
    ids.addAll(member.getCompletionIds());
    List<Float> numbers = new ArrayList<>(List.of(member.getAdvantage()));
    member.getBehaviourScores().forEach(numbers::addAll);
    List<Integer> rows =
        Collections.nCopies(settings.innerIterations(), settings.completionTokens());
    return !member.getPromptIds().isEmpty()
        && member.getCompletionIds().size() == settings.completionTokens()
        && ids.size() <= limits.positions()
        && IntStream.range(0, ids.size())
            .allMatch(i -> ids.get(i) >= 0 && ids.get(i) < limits.vocabulary())
        && member.getBehaviourScores().stream().map(List::size).toList().equals(rows)
        && numbers.stream().noneMatch(number -> number.isNaN() || number.isInfinite());
  }
}
