package io.couplet.schemas;

/**
 * Bytes that are not the record they should be. The message is a sentence for a person: what was
 * expected and what was found.
 */
public final class UndecodableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the bytes. */
  public enum Fault {
    EMPTY,
    TOO_LARGE,
    NOT_SINGLE_OBJECT,
    UNKNOWN_SCHEMA,
    INCOMPATIBLE_SCHEMA,
    TRUNCATED,
    MALFORMED,
    TRAILING_BYTES
  }

  private final Fault fault;

  public UndecodableRecordException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public UndecodableRecordException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
