package io.couplet.problems;

/** What one line of a problem file became. */
public sealed interface ProblemLine {
  /** From 1. */
  long number();

  record Read(long number, Problem problem) implements ProblemLine {}

  /**
   * @param message a sentence with the file and the line
   */
  record Refused(long number, String message) implements ProblemLine {}
}
