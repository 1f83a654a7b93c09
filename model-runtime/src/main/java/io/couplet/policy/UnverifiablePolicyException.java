package io.couplet.policy;

/**
 * A policy or blob is absent, truncated or altered: what is stored does not have the content
 * address that the reference names. Whoever asked must not use it.
 */
public final class UnverifiablePolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnverifiablePolicyException(String message) {
    super(message);
  }

  public UnverifiablePolicyException(String message, Throwable cause) {
    super(message, cause);
  }
}
