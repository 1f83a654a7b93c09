package io.couplet.problems;

import io.couplet.problems.families.Exercise;
import io.couplet.problems.families.Family;
import io.couplet.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Three sets of generated problems that share no prompt. A family belongs to training or is held
 * out as a whole; within the training families the hash of the prompt, which holds every name and
 * constant, decides on which side a problem lies. So membership does not depend on seeds or counts.
 */
public enum ProblemSplit {
  /** What pre-training and reinforcement learning see. */
  TRAINING("train"),
  /** Training families with names and constants in combinations that training never shows. */
  HELD_OUT_INSTANCES("held-out"),
  /** Families that training never shows. */
  HELD_OUT_FAMILIES("held-out-families");

  /** One prompt of so many is held out. */
  private static final int HELD_OUT_SHARE = 5;

  private final String label;

  ProblemSplit(String label) {
    this.label = label;
  }

  /** Whether some exercises of the family lie in this split. */
  public boolean holds(Family family) {
    return family.heldOut() == (this == HELD_OUT_FAMILIES);
  }

  /** Whether this exercise of a family lies in this split. */
  public boolean holds(Family family, Exercise exercise) {
    return holds(family)
        && (this == HELD_OUT_FAMILIES
            || heldOut(exercise.prompt()) == (this == HELD_OUT_INSTANCES));
  }

  private static boolean heldOut(String prompt) {
    return RandomStream.named(0, "held-out", prompt).nextInt(HELD_OUT_SHARE) == 0;
  }

  /** The split of that name: train, held-out or held-out-families. */
  public static ProblemSplit named(String name) {
    for (ProblemSplit split : values()) {
      if (split.label.equals(name.toLowerCase(Locale.ROOT))) {
        return split;
      }
    }
    throw new IllegalArgumentException(
        "Split '" + name + "' is unknown; choose one of " + String.join(", ", names()));
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(ProblemSplit::toString).collect(Collectors.toList());
  }

  @Override
  public String toString() {
    return label;
  }
}
