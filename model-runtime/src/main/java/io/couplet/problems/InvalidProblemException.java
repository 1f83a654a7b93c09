package io.couplet.problems;

/** A problem file or line cannot be used; the message names the place, the finding and the need. */
public final class InvalidProblemException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidProblemException(String message) {
    super(message);
  }

  public InvalidProblemException(String message, Throwable cause) {
    super(message, cause);
  }
}
