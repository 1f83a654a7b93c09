package io.couplet.learner;

import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

/**
 * Where the learner makes its work known. One learner per run writes: opening a journal takes the
 * run over, and every older journal of the run fails from then on with {@link
 * LearnerFencedException}.
 */
public interface LearnerJournal extends AutoCloseable {
  /** Number of this learner in its run, greater than that of every learner before it. */
  long fence();

  /**
   * The hash of the weights that the ledger holds for a step.
   *
   * @return empty when the step has no ledger record
   */
  Optional<String> weightsInLedger(long step);

  /** Announces credits alone: the version is known, more groups are consumed. */
  void credit(Policy policy) throws IOException;

  /** Announces a version and records its update, both or neither. */
  void announce(Policy policy, LedgerEntry entry) throws IOException;

  /** Records why the run stops. */
  void halt(LedgerEntry entry) throws IOException;

  @Override
  void close();

  /** Opens the journal of a run when the learner starts. */
  @FunctionalInterface
  interface Factory extends Serializable {
    /**
     * @param afterStep ledger records of later steps will be asked for; -1 for all
     */
    LearnerJournal open(long afterStep) throws IOException;
  }
}
