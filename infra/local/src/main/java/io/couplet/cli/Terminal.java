package io.couplet.cli;

/** Whether a person watches standard output. */
final class Terminal {
  private Terminal() {}

  /** The launcher knows; a JVM cannot tell standard output from standard input. */
  static boolean isInteractive() {
    return Boolean.getBoolean("couplet.terminal") && !"dumb".equals(System.getenv("TERM"));
  }
}
