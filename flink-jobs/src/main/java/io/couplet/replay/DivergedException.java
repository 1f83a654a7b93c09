package io.couplet.replay;

/** A state could not be computed again to the same bits. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Divergence divergence;

  public DivergedException(Divergence divergence) {
    super(divergence.sentence());
    this.divergence = divergence;
  }

  public Divergence divergence() {
    return divergence;
  }
}
