package io.couplet.learner;

import io.couplet.learner.LearnerCheckpoint.SavedState;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.ledger.Ledger;
import io.couplet.policy.BlobReference;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.LedgerEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a trainer to the state of a checkpoint. The state comes from the store; where it is absent
 * or damaged there, it is computed again: from the latest older state that is intact, or from the
 * initial policy, through the updates that ledger and tape hold, every hash on the way compared.
 * Not thread-safe.
 */
final class TrainerRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(TrainerRecovery.class);

  private final LearnerSettings settings;
  private final LearnerStore store;
  private final RecordedTape recorded;

  /** Ledger and tape of the run, opened only when something has to be computed again. */
  interface RecordedTape {
    Ledger ledger() throws IOException;

    /** To be closed by the caller. */
    Tape tape() throws IOException;
  }

  TrainerRecovery(LearnerSettings settings, LearnerStore store, RecordedTape recorded) {
    this.settings = settings;
    this.store = store;
    this.recorded = recorded;
  }

  /**
   * What was done.
   *
   * @param checkpoint the checkpoint, naming a trainer state that exists
   * @param recomputed updates that had to be computed again; -1 when the state was intact
   */
  record Recovered(LearnerCheckpoint checkpoint, long recomputed) {
    boolean rebuilt() {
      return recomputed >= 0;
    }
  }

  /**
   * @param trainer in the state that the run began with
   * @throws RunHaltedException the updates computed again do not have the hashes of the ledger
   * @throws TapeGapException the tape no longer holds what is needed
   */
  Recovered restore(Trainer trainer, LearnerCheckpoint checkpoint) throws IOException {
    BlobReference wanted = checkpoint.trainerState();
    long step = checkpoint.position().step();
    try {
      store.restoreState(trainer, wanted);
      return new Recovered(checkpoint, -1);
    } catch (UnverifiablePolicyException e) {
      LOG.error(
          "Run {}, step {}: the trainer state of the checkpoint cannot be used and is computed"
              + " again from the tape: {}",
          settings.run(),
          step,
          e.getMessage());
    }
    Ledger ledger = recorded.ledger();
    long base = olderState(trainer, checkpoint, ledger);
    compute(trainer, ledger, base, step);
    BlobReference rebuilt = store.saveState(trainer);
    LOG.error(
        "Run {}, step {}: the trainer state was computed again from step {} with the hashes of the"
            + " ledger and is in the store again as {}. Find out what damaged the store.",
        settings.run(),
        step,
        base,
        rebuilt.uri());
    return new Recovered(naming(checkpoint, rebuilt), step - base);
  }

  /** Restores the latest state before the checkpoint's that is intact; returns its step. */
  private long olderState(Trainer trainer, LearnerCheckpoint checkpoint, Ledger ledger)
      throws IOException {
    TreeMap<Long, BlobReference> states = new TreeMap<>();
    for (LedgerEntry entry : ledger.steps().values()) {
      if (entry.getTrainerStateUri() != null) {
        states.put(entry.getStep(), LedgerRecords.trainerState(entry));
      }
    }
    for (SavedState saved : checkpoint.blobs()) {
      states.put(saved.step(), saved.state());
    }
    for (Map.Entry<Long, BlobReference> state :
        states.headMap(checkpoint.position().step(), false).descendingMap().entrySet()) {
      try {
        store.restoreState(trainer, state.getValue());
        return state.getKey();
      } catch (UnverifiablePolicyException e) {
        LOG.error(
            "Run {}: the trainer state of step {} cannot be used either: {}",
            settings.run(),
            state.getKey(),
            e.getMessage());
      }
    }
    return 0;
  }

  private void compute(Trainer trainer, Ledger ledger, long base, long step) throws IOException {
    requireHash(trainer, ledger, base);
    if (base == step) {
      return;
    }
    TapeRules rules =
        new TapeRules(
            settings.tape(),
            trainer.limits(),
            LedgerPosition.after(ledger, base, settings.tape().rememberedGroups()));
    long first = ledger.entry(base + 1).getFirstOffset();
    long end = ledger.entry(step).getLastOffset() + 1;
    try (Tape tape = recorded.tape()) {
      if (tape.begin() > first || tape.end() < end) {
        throw new TapeGapException(
            "Run "
                + settings.run()
                + ": the trainer state of step "
                + step
                + " is damaged and cannot be computed again from step "
                + base
                + ", for that takes the tape's offsets "
                + first
                + " to "
                + (end - 1)
                + " and the topic holds "
                + tape.begin()
                + " to "
                + (tape.end() - 1)
                + ". Start from an older checkpoint.");
      }
      tape.read(first, end, record -> read(trainer, ledger, rules, record));
    }
    if (rules.position().step() != step) {
      throw new RunHaltedException(
          "Run "
              + settings.run()
              + ": the tape gives update "
              + rules.position().step()
              + " where the ledger has step "
              + step
              + ". The tape is not the one the run read.");
    }
  }

  private void read(Trainer trainer, Ledger ledger, TapeRules rules, TapeGroup record) {
    if (rules.read(record.offset(), record.group()) instanceof Update update) {
      UpdateSummary summary = trainer.update(update.batch());
      rules.updated(summary.finite());
      requireHash(trainer, ledger, update.batch().step());
    }
  }

  private void requireHash(Trainer trainer, Ledger ledger, long step) {
    String recordedHash = ledger.entry(step).getWeightsSha256();
    String computed = trainer.weightsSha256();
    if (!computed.equals(recordedHash)) {
      throw new RunHaltedException(
          "Run "
              + settings.run()
              + ", step "
              + step
              + ": the ledger holds weights "
              + recordedHash
              + ", computed again after the trainer state was lost they are "
              + computed
              + ". Start the run where the ledger says it ran, or from an older checkpoint.");
    }
  }

  private static LearnerCheckpoint naming(LearnerCheckpoint checkpoint, BlobReference state) {
    List<SavedState> blobs = new ArrayList<>(checkpoint.blobs());
    SavedState last = blobs.remove(blobs.size() - 1);
    blobs.removeIf(blob -> blob.step() == last.step() && !blob.state().equals(state));
    blobs.add(new SavedState(last.checkpoint(), last.step(), state));
    return new LearnerCheckpoint(
        checkpoint.position(),
        checkpoint.weightsSha256(),
        checkpoint.policy(),
        checkpoint.parentSha256(),
        checkpoint.nonFiniteInARow(),
        blobs,
        checkpoint.published());
  }
}
