package io.couplet.problems.families;

import java.util.function.LongPredicate;

/**
 * A property of a whole number.
 *
 * @param adjective follows "is": {@code above 7}, {@code even}
 * @param attribute follows the noun: {@code above 7}, {@code that are even}
 * @param template Python with {@code $} for the number
 */
record Condition(String adjective, String attribute, String template, LongPredicate predicate) {
  static Condition above(long limit) {
    return new Condition("above " + limit, "above " + limit, "$ > " + limit, v -> v > limit);
  }

  static Condition below(long limit) {
    return new Condition("below " + limit, "below " + limit, "$ < " + limit, v -> v < limit);
  }

  static Condition even() {
    return new Condition("even", "that are even", "$ % 2 == 0", v -> Math.floorMod(v, 2) == 0);
  }

  static Condition odd() {
    return new Condition("odd", "that are odd", "$ % 2 == 1", v -> Math.floorMod(v, 2) == 1);
  }

  static Condition divisibleBy(long divisor) {
    String words = "divisible by " + divisor;
    return new Condition(
        words, words, "$ % " + divisor + " == 0", v -> Math.floorMod(v, divisor) == 0);
  }

  String python(String variable) {
    return template.replace("$", variable);
  }

  boolean holds(long value) {
    return predicate.test(value);
  }
}
