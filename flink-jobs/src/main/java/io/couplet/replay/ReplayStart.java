package io.couplet.replay;

import io.couplet.learner.LearnerStore;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.policy.BlobReference;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trainer in the state that a run had right after a step: from the trainer state that the ledger
 * names, or from the initial policy.
 *
 * @param step the step
 * @param trainer to be closed by the caller
 */
public record ReplayStart(long step, Trainer trainer) {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayStart.class);

  /** Opens a trainer on a model directory. */
  @FunctionalInterface
  public interface Trainers {
    Trainer open(Path policy) throws IOException;
  }

  /**
   * The latest state at or before a step that is retained and intact.
   *
   * @throws UnverifiablePolicyException the initial policy is absent or damaged
   */
  public static ReplayStart atOrBefore(
      long step, Ledger ledger, LearnerStore store, Trainers trainers) throws IOException {
    Trainer trainer = initial(ledger, store, trainers);
    try {
      for (long s = step; s > 0; s--) {
        LedgerEntry entry = ledger.entry(s);
        if (entry.getTrainerStateUri() != null && restored(trainer, entry, store)) {
          return new ReplayStart(s, trainer);
        }
      }
      LedgerEntry first = ledger.entry(0);
      if (first.getTrainerStateUri() != null) {
        store.restoreState(trainer, state(first));
      }
      return new ReplayStart(0, trainer);
    } catch (IOException | RuntimeException e) {
      trainer.close();
      throw e;
    }
  }

  private static Trainer initial(Ledger ledger, LearnerStore store, Trainers trainers)
      throws IOException {
    LedgerEntry first = ledger.entry(0);
    Path policy =
        store.fetch(new PolicyReference(0, first.getPolicyUri(), first.getPolicySha256()));
    return trainers.open(policy);
  }

  private static boolean restored(Trainer trainer, LedgerEntry entry, LearnerStore store)
      throws IOException {
    try {
      store.restoreState(trainer, state(entry));
      return true;
    } catch (UnverifiablePolicyException e) {
      LOG.warn(
          "The trainer state of step {} of run {} cannot be used, an earlier one is: {}",
          entry.getStep(),
          entry.getRun(),
          e.getMessage());
      return false;
    }
  }

  private static BlobReference state(LedgerEntry entry) {
    return new BlobReference(entry.getTrainerStateUri(), entry.getTrainerStateSha256(), -1);
  }
}
