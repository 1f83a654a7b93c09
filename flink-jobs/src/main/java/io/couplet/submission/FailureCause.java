package io.couplet.submission;

/** Why a job has failed, for people: a sentence out of a stack trace. */
public final class FailureCause {
  private static final String CAUSED_BY = "Caused by: ";
  private static final String OURS = "io.couplet.";

  private FailureCause() {}

  /**
   * The outermost cause that Couplet words itself, else the innermost one.
   *
   * @param trace as Java prints it
   */
  public static String of(String trace) {
    String cause = trace.lines().findFirst().orElse(trace);
    for (String line : trace.lines().toList()) {
      if (line.startsWith(CAUSED_BY)) {
        cause = line.substring(CAUSED_BY.length());
        if (cause.startsWith(OURS) && cause.contains(": ")) {
          return cause.substring(cause.indexOf(": ") + 2);
        }
      }
    }
    return cause;
  }
}
