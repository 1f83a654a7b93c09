package io.couplet.ledger;

/** The ledger or the tape does not hold what was asked for; the message says what it holds. */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LedgerException(String message) {
    super(message);
  }
}
