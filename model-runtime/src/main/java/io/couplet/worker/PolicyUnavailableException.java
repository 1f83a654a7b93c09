package io.couplet.worker;

/** A policy cannot be loaded, or is not what its hash promises; the message says why. */
public final class PolicyUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public PolicyUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public PolicyUnavailableException(String message) {
    super(message);
  }
}
