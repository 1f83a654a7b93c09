package io.couplet.learner;

import io.couplet.schemas.Group;
import java.util.Iterator;
import java.util.LinkedHashSet;

/**
 * Tells of records of the tape, as they are read and before {@link TapeRules} have come to them,
 * whether the rules are certain to skip them and to pay their credit, whatever becomes of the
 * updates in between. Where that is not certain the answer is no, and the rules decide in time.
 *
 * <p>Not thread-safe.
 */
final class Foresight {
  private final LinkedHashSet<String> seen;
  private final int remembered;

  /**
   * @param position where reading goes on
   * @param unread records that may be read before the rules have come to the first of them
   */
  Foresight(TapeSettings settings, TapePosition position, int unread) {
    this.seen = new LinkedHashSet<>(position.recentGroups());
    // A repeated group is paid for once, so whatever the rules remember must be known here. They
    // remember in the order in which ids came first, this in the order in which they came last:
    // between those two times there may be as many others again.
    this.remembered = 2 * (settings.rememberedGroups() + settings.groupsPerUpdate()) + unread;
  }

  /** Takes the next record of the tape, each once. */
  boolean skips(Group group) {
    String id = TapeRules.id(group);
    boolean repeated = seen.remove(id);
    seen.add(id);
    if (seen.size() > remembered) {
      Iterator<String> oldest = seen.iterator();
      oldest.next();
      oldest.remove();
    }
    return !repeated && TapeRules.teachesNothing(group);
  }
}
