package io.couplet.learner;

/** The run stops for a reason that a restart would meet again; the message says what to do. */
public final class RunHaltedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunHaltedException(String message) {
    super(message);
  }
}
