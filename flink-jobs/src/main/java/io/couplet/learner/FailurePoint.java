package io.couplet.learner;

import java.io.Serializable;

/** Named points of the learner at which tests and measurements make it fail. */
@FunctionalInterface
public interface FailurePoint extends Serializable {
  /** Nothing happens anywhere. */
  FailurePoint NONE = (point, step) -> {};

  /** May throw, to end the learner here. */
  void reached(Point point, long step);

  /** Where a learner can die with different things done and undone. */
  enum Point {
    BEFORE_OPTIMIZER_STEP,
    AFTER_OPTIMIZER_STEP,
    /** The policy is in the store, nobody knows of it. */
    AFTER_BLOB,
    /** The version is announced and in the ledger, no checkpoint knows of it. */
    AFTER_ANNOUNCEMENT,
    /** The trainer state is in the store, the checkpoint is not complete. */
    DURING_SNAPSHOT
  }
}
