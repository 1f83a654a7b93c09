package io.couplet.replay;

import io.couplet.learner.LearnerStore;
import io.couplet.learner.Tape;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.TapeSettings;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Recomputes updates of a run from its tape and compares them with its ledger, in this process.
 *
 * @param ledger of the run
 * @param tape of the run
 * @param store the run's policy store
 * @param settings of the run
 */
public record Replay(
    Ledger ledger,
    Tape tape,
    LearnerStore store,
    TapeSettings settings,
    ReplayStart.Trainers trainers) {

  /**
   * Compares steps {@code from} to {@code to}; the updates between the latest retained state and
   * {@code from} are computed too.
   *
   * @throws LedgerException a step is missing in the ledger
   * @throws TapeGapException the tape does not hold every record that is needed
   */
  public ReplayReport compare(long from, long to) throws IOException {
    if (from < 0 || from > to) {
      throw new LedgerException(
          "Steps to replay must satisfy 0 <= from <= to, found " + from + " and " + to);
    }
    requireWhole(to);
    ReplayStart start = ReplayStart.atOrBefore(Math.max(0, from - 1), ledger, store, trainers);
    try (Trainer trainer = start.trainer()) {
      return run(trainer, start.step(), from, to).report();
    }
  }

  /**
   * A trainer in the run's state right after a step, every hash on the way compared.
   *
   * @throws DivergedException the computation does not give the recorded weights
   */
  public Trainer stateAt(long step) throws IOException {
    requireWhole(step);
    ReplayStart start = ReplayStart.atOrBefore(step, ledger, store, trainers);
    try {
      ReplayReport report = run(start.trainer(), start.step(), start.step(), step).report();
      if (!report.verified()) {
        throw new DivergedException(report.divergence().orElseThrow());
      }
      return start.trainer();
    } catch (IOException | RuntimeException e) {
      start.trainer().close();
      throw e;
    }
  }

  /** Writes policy and trainer state of a step: what a fork starts from. */
  public void export(long step, Path policyDirectory, Path trainerState) throws IOException {
    try (Trainer trainer = stateAt(step)) {
      trainer.writePolicy(policyDirectory);
      trainer.exportState(trainerState);
    }
  }

  private ReplaySession run(Trainer trainer, long base, long from, long to) throws IOException {
    ReplaySession session = new ReplaySession(ledger, settings, trainer, base, from, to);
    if (!session.isDone()) {
      long first = ledger.entry(base + 1).getFirstOffset();
      long end = ledger.entry(to).getLastOffset() + 1;
      requireOnTape(first, end);
      tape.read(first, end, session::read);
    }
    return session;
  }

  private void requireWhole(long to) {
    ledger.entry(to);
    List<Long> missing = ledger.missingSteps().stream().filter(step -> step <= to).toList();
    if (!missing.isEmpty()) {
      throw new LedgerException(
          "The ledger of run "
              + ledger.run()
              + " lacks steps "
              + missing
              + "; nothing is verified");
    }
  }

  private void requireOnTape(long first, long end) {
    if (tape.begin() > first || tape.end() < end) {
      throw new TapeGapException(
          "The tape of run "
              + ledger.run()
              + " has a gap: offsets "
              + first
              + " to "
              + (end - 1)
              + " are needed, the topic holds "
              + tape.begin()
              + " to "
              + (tape.end() - 1)
              + ". Retention removed them or the topic was made anew; nothing is verified. Replay"
              + " from a later step whose trainer state is retained.");
    }
  }
}
