package io.couplet.replay;

import io.couplet.learner.LedgerPosition;
import io.couplet.learner.TapeBatch;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.TapeGroup;
import io.couplet.learner.TapeRules;
import io.couplet.learner.Trainer;
import io.couplet.learner.UpdateSummary;
import io.couplet.ledger.Ledger;
import io.couplet.replay.StepCheck.Difference;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Computes a run's updates again from its tape, one record at a time, and holds each against the
 * ledger. Ends at the step it was made for, or at the first divergence. Not thread-safe.
 */
public final class ReplaySession {
  private final Ledger ledger;
  private final ReplayRange range;
  private final Trainer trainer;
  private final TapeRules rules;
  private final StepCheck check;
  private final DivergenceCauses causes;
  private final LongConsumer progress;
  private final long start = System.nanoTime();
  private final List<String> notes;
  private long compared;
  private long step;
  private int expected;
  private List<Long> nextOffsets = List.of();
  private long nextOffsetsAfter = -1;
  private Divergence divergence;
  private double seconds;

  /**
   * Which steps are replayed: the state of {@code base} is given, {@code from..to} are compared.
   */
  public record ReplayRange(long base, long from, long to) {}

  /**
   * @param begin a trainer in the state right after a step before {@code from}, or right after step
   *     0 when {@code from} is 0
   * @param scratch local directory, created on demand
   * @param progress is told each step that was computed
   */
  public ReplaySession(
      Ledger ledger,
      ReplaySettings settings,
      ReplayStart begin,
      long from,
      long to,
      Path scratch,
      LongConsumer progress)
      throws IOException {
    this.ledger = ledger;
    this.trainer = begin.trainer();
    this.range = new ReplayRange(begin.step(), from, to);
    this.step = begin.step();
    this.progress = progress;
    this.rules =
        new TapeRules(
            settings.tape(),
            trainer.limits(),
            LedgerPosition.after(ledger, begin.step(), settings.tape().rememberedGroups()));
    this.check = new StepCheck(trainer, settings.seed(), scratch);
    this.causes = new DivergenceCauses(ledger, trainer.environment());
    this.notes = new ArrayList<>(begin.notes());
    LedgerEntry base = ledger.entry(begin.step());
    conclude(base, check.state(base));
  }

  /** Nothing more needs to be read. */
  public boolean isDone() {
    return divergence != null || step >= range.to();
  }

  /**
   * Reads the next record of the tape.
   *
   * @throws TapeGapException a record that the ledger says was read is not on the tape
   */
  public void read(TapeGroup record) throws IOException {
    if (isDone()) {
      return;
    }
    requireNoGap(record.offset());
    if (rules.read(record.offset(), record.group()) instanceof Update update) {
      update(update.batch());
    }
  }

  /** Offsets of the next update as the ledger has them, in order; there can be very many. */
  private List<Long> offsetsOfNext() {
    if (nextOffsetsAfter != step) {
      nextOffsets = offsetsOf(ledger.entry(step + 1));
      nextOffsetsAfter = step;
    }
    return nextOffsets;
  }

  private static List<Long> offsetsOf(LedgerEntry next) {
    return Stream.concat(
            next.getGroups().stream().map(LedgerGroup::getOffset),
            next.getDrops().stream().map(LedgerDrop::getOffset))
        .sorted()
        .toList();
  }

  private void requireNoGap(long offset) {
    List<Long> offsets = offsetsOfNext();
    if (expected < offsets.size() && offset > offsets.get(expected)) {
      long last = offsets.get(expected);
      for (long missing : offsets) {
        last = missing < offset ? Math.max(last, missing) : last;
      }
      throw gap(offsets.get(expected), last);
    }
    if (expected < offsets.size() && offset == offsets.get(expected)) {
      expected++;
    }
  }

  private TapeGapException gap(long first, long last) {
    return new TapeGapException(
        "The tape of run "
            + ledger.run()
            + " has a gap: "
            + (first == last
                ? "offset " + first + " is"
                : "offsets " + first + " to " + last + " are")
            + " missing or unreadable, and the ledger says that update "
            + (step + 1)
            + " read "
            + (first == last ? "it" : "them")
            + ". "
            + verifiedSoFar());
  }

  private String verifiedSoFar() {
    return compared == 0 ? "Nothing is verified." : "Nothing after step " + step + " is verified.";
  }

  private void update(TapeBatch batch) throws IOException {
    UpdateSummary summary = trainer.update(batch);
    rules.updated(summary.finite());
    step = batch.step();
    expected = 0;
    LedgerEntry recorded = ledger.entry(step);
    conclude(recorded, check.update(batch, summary, recorded));
    progress.accept(step);
  }

  private void conclude(LedgerEntry recorded, Optional<Difference> difference) {
    if (difference.isPresent()) {
      Difference found = difference.get();
      divergence =
          new Divergence(
              step,
              found.what(),
              found.recorded(),
              found.computed(),
              causes.of(recorded, found.what(), step == range.base()));
    } else if (step >= range.from()) {
      compared++;
    }
    if (isDone()) {
      seconds = (System.nanoTime() - start) / 1e9;
    }
  }

  /**
   * What was found.
   *
   * @throws TapeGapException the tape ended before the last step
   */
  public ReplayReport report() {
    if (!isDone()) {
      List<Long> offsets = offsetsOfNext();
      throw expected < offsets.size()
          ? gap(offsets.get(expected), offsets.get(offsets.size() - 1))
          : new TapeGapException(
              "The tape of run "
                  + ledger.run()
                  + " ends before step "
                  + range.to()
                  + ": the last update that could be computed again is "
                  + step
                  + ". "
                  + verifiedSoFar());
    }
    if (divergence == null) {
      notes.addAll(causes.environment(ledger.entry(step)));
    }
    return new ReplayReport(
        ledger.run(),
        range.from(),
        range.to(),
        range.base(),
        compared,
        step - range.base(),
        Optional.ofNullable(divergence),
        notes,
        seconds,
        LiveTime.of(ledger, range.base() + 1, step));
  }
}
