package io.couplet.worker;

/** A worker did not answer a question about itself. */
public final class WorkerUnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WorkerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
