package io.couplet.sandbox;

/**
 * No isolation tier holds on this machine, so nothing untrusted may run. The message names what was
 * tried, why it did not hold and what to install.
 */
public final class SandboxUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SandboxUnavailableException(String message) {
    super(message);
  }

  public SandboxUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
