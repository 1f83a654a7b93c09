package io.couplet.local.inspect;

import io.couplet.ledger.Ledger;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.SourceReward;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that the topics of a run hold about one group.
 *
 * @param made every rollout that was made, in the order of the topic; a restart can make one twice
 * @param said every reward, by source, in the order of the topic; those that came too late as well
 * @param tape the group as the learner read it; empty while it is open
 * @param update the update that was computed from it
 * @param leftOut why no update was, and the update that was computed without it
 */
public record GroupLineage(
    String group,
    List<Rollout> made,
    Map<String, List<Said>> said,
    Optional<Group> tape,
    Optional<LedgerEntry> update,
    Optional<Map.Entry<String, LedgerEntry>> leftOut) {
  /**
   * A reward as it was sent.
   *
   * @param atMs wall clock of its record
   */
  public record Said(Reward reward, long atMs) {}

  public GroupLineage {
    made = List.copyOf(made);
    said = Map.copyOf(said);
  }

  static GroupLineage of(
      String group,
      List<Rollout> made,
      Map<String, List<Said>> said,
      Optional<Group> tape,
      Ledger ledger) {
    Optional<LedgerEntry> update = ledger.updateOf(group);
    return new GroupLineage(
        group,
        made,
        said,
        tape,
        update,
        update.isPresent() ? Optional.empty() : ledger.dropOf(group));
  }

  /** By member, the rollout that is in the group on the tape; of an open group the first one. */
  public Map<Integer, Rollout> rollouts() {
    Map<Integer, Rollout> chosen = new TreeMap<>();
    for (Rollout rollout : made) {
      Rollout before = chosen.putIfAbsent(rollout.getMember(), rollout);
      if (before != null && isOnTape(rollout) && !isOnTape(before)) {
        chosen.put(rollout.getMember(), rollout);
      }
    }
    return chosen;
  }

  private boolean isOnTape(Rollout rollout) {
    return onTape(rollout.getMember())
        .map(member -> member.getPolicyVersion() == rollout.getPolicyVersion())
        .orElse(false);
  }

  /** The member as it was trained on; empty when the group is open or did without it. */
  public Optional<GroupMember> onTape(int member) {
    return tape.flatMap(
        group -> group.getMembers().stream().filter(one -> one.getMember() == member).findFirst());
  }

  /** Why a reward is not in the member's sum; empty when it is, or while the group is open. */
  public Optional<String> notCounted(Said said) {
    if (tape.isEmpty()) {
      return Optional.empty();
    }
    Group closed = tape.get();
    Reward reward = said.reward();
    if (closed.getSources().stream()
        .map(GroupSource::getName)
        .noneMatch(reward.getSource()::equals)) {
      return Optional.of("its source was not in force when the group was opened");
    }
    Optional<SourceReward> counted =
        onTape(reward.getMember())
            .flatMap(
                member ->
                    member.getRewards().stream()
                        .filter(one -> one.getSource().equals(reward.getSource()))
                        .findFirst());
    boolean late = said.atMs() > closed.getClosedMs();
    if (counted.isPresent() && counted.get().getReason() == null) {
      return counted.get().getValue().equals(reward.getValue())
          ? Optional.empty()
          : Optional.of("the source had spoken before, with " + counted.get().getValue());
    }
    if (late) {
      return Optional.of("late: it came after the group was closed, and is kept for lineage");
    }
    return counted.isPresent()
        ? Optional.of(counted.get().getReason())
        : Optional.of("the member is not part of the closed group");
  }

  /** What became of the group, in a sentence. */
  public String fate() {
    if (tape.isEmpty()) {
      return "open: not on the tape yet";
    }
    Group closed = tape.get();
    String how =
        "closed as "
            + closed.getStatus()
            + (closed.getDropReason() == null ? "" : " (" + closed.getDropReason() + ")");
    if (update.isPresent()) {
      return how
          + "; used by update "
          + update.get().getStep()
          + ", which made policy v"
          + update.get().getVersionOut();
    }
    return how
        + leftOut
            .map(why -> "; left out by update " + why.getValue().getStep() + ": " + why.getKey())
            .orElse("; no update has read it yet");
  }
}
