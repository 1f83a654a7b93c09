package io.couplet.problems.families;

/** What a function answers, told in Java without regard to the Python that a solution uses. */
@FunctionalInterface
public interface Meaning {
  /**
   * The expected value: {@code Long}, {@code Boolean}, {@code String}, a {@code List} or a {@code
   * Map} of these; null where the function is not defined, so that no test asks for it.
   */
  Object of(Arguments arguments);
}
