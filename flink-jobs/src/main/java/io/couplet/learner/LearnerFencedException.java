package io.couplet.learner;

import java.io.IOException;

/** Another learner has taken the run over; this one must stop and not come back. */
public final class LearnerFencedException extends IOException {
  private static final long serialVersionUID = 1L;

  public LearnerFencedException(String run, long fence, Throwable cause) {
    super(
        "Learner number "
            + fence
            + " of run "
            + run
            + " stops: another learner has taken the run over. One run has one learner; stop the"
            + " other job first if this one should go on.",
        cause);
  }
}
