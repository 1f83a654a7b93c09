package io.couplet.replay;

import io.couplet.learner.LearnerStore;
import io.couplet.learner.LedgerRecords;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A trainer in the state that a run had right after a step: from the trainer state that the ledger
 * names, or from the initial policy.
 *
 * @param step the step
 * @param trainer to be closed by the caller
 * @param notes what a person should know of how the state was found, in sentences
 */
public record ReplayStart(long step, Trainer trainer, List<String> notes) {
  public ReplayStart {
    notes = List.copyOf(notes);
  }

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
    List<String> notes = new ArrayList<>();
    try {
      for (long s = latestStep(step, ledger); s > 0; s = latestStep(s - 1, ledger)) {
        LedgerEntry entry = ledger.entry(s);
        try {
          store.restoreState(trainer, LedgerRecords.trainerState(entry));
          return new ReplayStart(s, trainer, notes);
        } catch (UnverifiablePolicyException e) {
          notes.add(
              "The trainer state of step %d cannot be used, an earlier one is: %s."
                  .formatted(s, e.getMessage()));
        }
      }
      restore(trainer, ledger.entry(0), store);
      return new ReplayStart(0, trainer, notes);
    } catch (IOException | RuntimeException e) {
      trainer.close();
      throw e;
    }
  }

  /**
   * The state of exactly that step, which is 0 or one whose trainer state the ledger names.
   *
   * @throws UnverifiablePolicyException it is absent or damaged
   */
  static ReplayStart at(long step, Ledger ledger, LearnerStore store, Trainers trainers)
      throws IOException {
    Trainer trainer = initial(ledger, store, trainers);
    try {
      restore(trainer, ledger.entry(step), store);
      return new ReplayStart(step, trainer, List.of());
    } catch (UnverifiablePolicyException e) {
      trainer.close();
      throw new UnverifiablePolicyException(
          "The trainer state of step %d of run %s cannot be used: %s. Replay from a step before %d."
              .formatted(step, ledger.run(), e.getMessage(), step + 1),
          e);
    } catch (IOException | RuntimeException e) {
      trainer.close();
      throw e;
    }
  }

  /** The last step at or before {@code step} whose trainer state the ledger names, or 0. */
  static long latestStep(long step, Ledger ledger) {
    for (long s = step; s > 0; s--) {
      if (ledger.entry(s).getTrainerStateUri() != null) {
        return s;
      }
    }
    return 0;
  }

  private static void restore(Trainer trainer, LedgerEntry entry, LearnerStore store)
      throws IOException {
    if (entry.getTrainerStateUri() != null) {
      store.restoreState(trainer, LedgerRecords.trainerState(entry));
    }
  }

  private static Trainer initial(Ledger ledger, LearnerStore store, Trainers trainers)
      throws IOException {
    LedgerEntry first = ledger.entry(0);
    Path policy =
        store.fetch(new PolicyReference(0, first.getPolicyUri(), first.getPolicySha256()));
    return trainers.open(policy);
  }
}
