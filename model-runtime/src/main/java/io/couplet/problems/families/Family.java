package io.couplet.problems.families;

import io.couplet.random.RandomStream;
import java.util.function.Function;

/**
 * Functions of one pattern, told apart by names, constants and variants.
 *
 * @param heldOut never in the training split; a model meets it only in evaluation
 */
public record Family(String name, Topic topic, boolean heldOut, Pattern pattern) {
  /** Draws one exercise of the family. */
  @FunctionalInterface
  interface Pattern extends Function<Draw, Exercise> {}

  static Family training(Topic topic, String name, Pattern pattern) {
    return new Family(name, topic, false, pattern);
  }

  static Family heldOut(Topic topic, String name, Pattern pattern) {
    return new Family(name, topic, true, pattern);
  }

  /** The exercise that a stream decides on. */
  public Exercise exercise(RandomStream random) {
    return pattern.apply(new Draw(random));
  }
}
