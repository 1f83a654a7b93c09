package io.couplet.learner;

import io.couplet.learner.TapeDecision.Pending;
import io.couplet.learner.TapeDecision.Skip;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which records of the tape make which update: a function of the tape (and of whether each update
 * was finite), of nothing else, so that a replay decides as the run did.
 *
 * <p>A repeated group id is a duplicate; a dropped group, one whose sample is more than K versions
 * old, one without variance and one that cannot be trained on are skipped and pay their credit at
 * once; every B others make an update. Whatever anyone writes to the tape, the trainer gets only
 * what it can compute on. Not thread-safe.
 */
public final class TapeRules {
  /** Characters of a group's id, and of a reason, that the ledger holds. */
  static final int LONGEST_TEXT = 1_024;

  private final TapeSettings settings;
  private final SequenceLimits limits;
  private final LinkedHashSet<String> recent;
  private final List<TapeGroup> pending;
  private final List<TapeDrop> drops;
  private long step;
  private long version;
  private long consumedGroups;
  private long nextOffset;
  private long firstOffset;

  /** At the beginning of a tape. */
  public TapeRules(TapeSettings settings, SequenceLimits limits) {
    this(settings, limits, TapePosition.START);
  }

  /** Where an earlier instance stood. */
  public TapeRules(TapeSettings settings, SequenceLimits limits, TapePosition position) {
    this.settings = settings;
    this.limits = limits;
    this.recent = new LinkedHashSet<>(position.recentGroups());
    this.pending = new ArrayList<>(position.pending());
    this.drops = new ArrayList<>(position.drops());
    this.step = position.step();
    this.version = position.version();
    this.consumedGroups = position.consumedGroups();
    this.nextOffset = position.nextOffset();
    this.firstOffset = position.firstOffset();
  }

  public TapePosition position() {
    return new TapePosition(
        step,
        version,
        consumedGroups,
        nextOffset,
        firstOffset,
        List.copyOf(pending),
        List.copyOf(drops),
        List.copyOf(recent));
  }

  /** Last update concluded, 0 before the first. */
  public long step() {
    return step;
  }

  /** Groups the learner is done with. */
  public long consumedGroups() {
    return consumedGroups;
  }

  /**
   * Reads the next record.
   *
   * @param offset must grow from call to call; offsets may be missing (transaction markers)
   * @throws IllegalStateException if an offset is read twice or an update was not concluded
   */
  public TapeDecision read(long offset, Group group) {
    if (offset < nextOffset) {
      throw new IllegalStateException(
          "The tape must be read in order: expected offset "
              + nextOffset
              + " or later, found "
              + offset);
    }
    if (pending.size() >= settings.groupsPerUpdate()) {
      throw new IllegalStateException("Update " + (step + 1) + " has not been concluded");
    }
    nextOffset = offset + 1;
    if (firstOffset < 0) {
      firstOffset = offset;
    }
    String id = id(group);
    boolean duplicate = !recent.add(id);
    String reason = duplicate ? "DUPLICATE" : reasonToSkip(group);
    if (reason != null) {
      TapeDrop drop = new TapeDrop(id, offset, cut(reason));
      drops.add(drop);
      if (!duplicate) {
        consumed(1);
      }
      return new Skip(drop, !duplicate);
    }
    pending.add(new TapeGroup(offset, group));
    if (pending.size() < settings.groupsPerUpdate()) {
      return new Pending();
    }
    return new Update(batch());
  }

  /**
   * Concludes the update that {@link #read} asked for.
   *
   * @param finite whether it made a new version; a skipped update consumes its groups all the same
   */
  public void updated(boolean finite) {
    if (pending.size() < settings.groupsPerUpdate()) {
      throw new IllegalStateException(
          "There is no update to conclude: "
              + pending.size()
              + " of "
              + settings.groupsPerUpdate()
              + " groups are pending");
    }
    step++;
    version += finite ? 1 : 0;
    consumed(pending.size());
    pending.clear();
    drops.clear();
    firstOffset = -1;
  }

  private TapeBatch batch() {
    return new TapeBatch(
        step + 1,
        version,
        pending,
        drops,
        firstOffset,
        nextOffset - 1,
        consumedGroups + pending.size());
  }

  /** Ids are forgotten oldest first, and only so fast that the tape alone decides which. */
  private void consumed(int groups) {
    consumedGroups += groups;
    var oldest = recent.iterator();
    for (int excess = recent.size() - settings.rememberedGroups(); excess > 0; excess--) {
      oldest.next();
      oldest.remove();
    }
  }

  private String reasonToSkip(Group group) {
    if (group.getStatus() == GroupStatus.DROPPED) {
      return "DROPPED:" + group.getDropReason();
    }
    if (group.getMinPolicyVersion() >= 0
        && version - group.getMinPolicyVersion() > settings.maxVersionsBehind()) {
      return "STALE";
    }
    String defect = defect(group);
    if (defect != null) {
      return "INVALID:" + defect;
    }
    return withoutVariance(group) ? "ZERO_VARIANCE" : null;
  }

  /** By which a group is recognised. */
  static String id(Group group) {
    return cut(group.getGroup());
  }

  /** Whether a group is skipped and pays its credit at every step, unless it is a duplicate. */
  static boolean teachesNothing(Group group) {
    return group.getStatus() == GroupStatus.DROPPED || withoutVariance(group);
  }

  private static boolean withoutVariance(Group group) {
    return group.getMembers().stream().allMatch(member -> member.getAdvantage() == 0);
  }

  /** What a ledger record takes of a text that anyone may have written. */
  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** Why the learner could not train on the group, or null. */
  private String defect(Group group) {
    if (group.getGroup().length() > LONGEST_TEXT) {
      return "its id has " + group.getGroup().length() + " characters";
    }
    if (!group.getRun().equals(settings.run())) {
      return "it belongs to run " + group.getRun();
    }
    if (group.getMinPolicyVersion() < 0) {
      return "its policy version " + group.getMinPolicyVersion() + " cannot exist";
    }
    if (group.getMinPolicyVersion() > version) {
      return "its policy version " + group.getMinPolicyVersion() + " does not exist yet";
    }
    Set<Integer> members = new LinkedHashSet<>();
    for (GroupMember member : group.getMembers()) {
      if (!members.add(member.getMember())) {
        return "member " + member.getMember() + " comes twice";
      }
      if (!Float.isFinite(member.getAdvantage())) {
        return "advantage " + member.getAdvantage() + " of member " + member.getMember();
      }
      if (member.getPromptIds().isEmpty()
          || member.getCompletionIds().size() != settings.completionTokens()) {
        return "member "
            + member.getMember()
            + " has "
            + member.getPromptIds().size()
            + " prompt and "
            + member.getCompletionIds().size()
            + " completion tokens";
      }
      String beyond = limits.defect(member.getPromptIds(), member.getCompletionIds());
      if (beyond != null) {
        return "member " + member.getMember() + " has " + beyond;
      }
      if (!hasScores(member)) {
        return "member " + member.getMember() + " lacks finite behaviour scores";
      }
    }
    return members.isEmpty() ? "it has no members" : null;
  }

  private boolean hasScores(GroupMember member) {
    return member.getBehaviourScores().size() == settings.innerIterations()
        && member.getBehaviourScores().stream()
            .allMatch(
                scores ->
                    scores.size() == settings.completionTokens()
                        && scores.stream().allMatch(Float::isFinite));
  }
}
