package io.couplet.replay;

import io.couplet.learner.LearnerStore;
import io.couplet.learner.Tape;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Recomputes updates of a run from its tape and compares them with its ledger, in this process.
 *
 * @param ledger of the run
 * @param tape of the run
 * @param store the run's policy store
 * @param settings of the run
 * @param scratch local directory for files that are hashed; created on demand
 * @param progress is told each step that was computed
 */
public record Replay(
    Ledger ledger,
    Tape tape,
    LearnerStore store,
    ReplaySettings settings,
    ReplayStart.Trainers trainers,
    Path scratch,
    LongConsumer progress) {

  /**
   * Compares steps {@code from} to {@code to}; the updates between the latest retained state and
   * {@code from} are computed too.
   *
   * @throws LedgerException a step is missing in the ledger or is there twice
   * @throws TapeGapException the tape does not hold every record that is needed
   */
  public ReplayReport compare(long from, long to) throws IOException {
    requireSteps(ledger, from, to);
    ReplayStart start = ReplayStart.atOrBefore(Math.max(0, from - 1), ledger, store, trainers);
    try (Trainer opened = start.trainer()) {
      return run(start, from, to).report();
    }
  }

  /**
   * A trainer in the run's state right after a step, every hash on the way compared.
   *
   * @throws DivergedException the computation does not give the recorded weights
   */
  public Trainer stateAt(long step) throws IOException {
    requireWhole(ledger, step);
    ReplayStart start = ReplayStart.atOrBefore(step, ledger, store, trainers);
    try {
      ReplayReport report = run(start, start.step(), step).report();
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

  private ReplaySession run(ReplayStart start, long from, long to) throws IOException {
    ReplaySession session = new ReplaySession(ledger, settings, start, from, to, scratch, progress);
    if (!session.isDone()) {
      long first = ledger.entry(start.step() + 1).getFirstOffset();
      long end = ledger.entry(to).getLastOffset() + 1;
      requireOnTape(first, end);
      tape.read(first, end, session::read);
    }
    return session;
  }

  /**
   * The ledger holds every step up to {@code to}, and {@code from} is one of them.
   *
   * @throws LedgerException otherwise
   */
  static void requireSteps(Ledger ledger, long from, long to) {
    ledger.entry(to);
    if (from < 0 || from > to) {
      throw new LedgerException(
          "Steps to replay must satisfy 0 <= from <= to, found " + from + " and " + to);
    }
    requireWhole(ledger, to);
  }

  /**
   * Every step up to {@code to} has a record, and only one.
   *
   * @throws LedgerException otherwise
   */
  private static void requireWhole(Ledger ledger, long to) {
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
    ledger.conflicts().stream()
        .filter(entry -> entry.getStep() <= to)
        .findFirst()
        .ifPresent(
            entry -> {
              throw new LedgerException(
                  "The ledger of run "
                      + ledger.run()
                      + " holds step "
                      + entry.getStep()
                      + " twice, with weights "
                      + ledger.entry(entry.getStep()).getWeightsSha256()
                      + " and "
                      + entry.getWeightsSha256()
                      + "; nothing is verified. Two learners wrote it, or it was altered.");
            });
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
