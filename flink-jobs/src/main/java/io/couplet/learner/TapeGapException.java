package io.couplet.learner;

/** The tape does not hold all that a replay needs; nothing is verified then. */
public final class TapeGapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TapeGapException(String message) {
    super(message);
  }
}
