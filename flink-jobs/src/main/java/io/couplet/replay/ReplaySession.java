package io.couplet.replay;

import io.couplet.learner.LedgerPosition;
import io.couplet.learner.TapeBatch;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.TapeGroup;
import io.couplet.learner.TapeRules;
import io.couplet.learner.TapeSettings;
import io.couplet.learner.Trainer;
import io.couplet.learner.UpdateSummary;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerDiff;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes a run's updates again from its tape, one record at a time, and holds each against the
 * ledger. Ends at the step it was made for, or at the first divergence. Not thread-safe.
 */
public final class ReplaySession {
  private final Ledger ledger;
  private final Trainer trainer;
  private final TapeRules rules;
  private final long base;
  private final long from;
  private final long to;
  private final long start = System.nanoTime();
  private long compared;
  private long step;
  private Divergence divergence;
  private double seconds;

  /**
   * @param trainer in the state right after step {@code base}
   * @param base a step of the ledger before {@code from}, or {@code from} itself when that is 0
   * @param from first step to compare
   * @param to last step to compute
   */
  public ReplaySession(
      Ledger ledger, TapeSettings settings, Trainer trainer, long base, long from, long to) {
    this.ledger = ledger;
    this.trainer = trainer;
    this.base = base;
    this.from = from;
    this.to = to;
    this.step = base;
    this.rules =
        new TapeRules(settings, LedgerPosition.after(ledger, base, settings.rememberedGroups()));
    compareWeights(ledger.entry(base));
    finishIfDone();
  }

  /** Nothing more needs to be read. */
  public boolean isDone() {
    return divergence != null || step >= to;
  }

  /** Reads the next record of the tape. */
  public void read(TapeGroup record) {
    if (isDone()) {
      return;
    }
    if (rules.read(record.offset(), record.group()) instanceof Update update) {
      update(update.batch());
      finishIfDone();
    }
  }

  private void update(TapeBatch batch) {
    UpdateSummary summary = trainer.update(batch);
    rules.updated(summary.finite());
    step = batch.step();
    LedgerEntry recorded = ledger.entry(step);
    List<String> groups = batch.groups().stream().map(g -> g.group().getGroup()).toList();
    List<String> expected = recorded.getGroups().stream().map(LedgerGroup::getGroup).toList();
    UpdateOutcome outcome =
        summary.finite() ? UpdateOutcome.UPDATED : UpdateOutcome.SKIPPED_NON_FINITE;
    if (!groups.equals(expected)) {
      differs(
          "groups",
          expected.toString(),
          groups.toString(),
          List.of(
              "The tape's rules chose other groups: the tape is not the one the run read, or"
                  + " admission, decoding.length or scoring in the configuration differ."));
    } else if (outcome != recorded.getOutcome()) {
      differs("outcome", recorded.getOutcome().name(), outcome.name(), causes(recorded));
    } else {
      compareWeights(recorded);
    }
  }

  private void compareWeights(LedgerEntry recorded) {
    String weights = trainer.weightsSha256();
    if (!weights.equals(recorded.getWeightsSha256())) {
      differs("weights", recorded.getWeightsSha256(), weights, causes(recorded));
    } else if (step >= from) {
      compared++;
    }
  }

  private void differs(String what, String recorded, String computed, List<String> causes) {
    divergence = new Divergence(step, what, recorded, computed, causes);
  }

  private List<String> causes(LedgerEntry recorded) {
    List<String> differences =
        LedgerDiff.environmentDifferences(recorded.getEnvironment(), trainer.environment());
    if (!differences.isEmpty()) {
      return differences.stream()
          .map(d -> "Another environment (ledger and here): " + d + ".")
          .toList();
    }
    if (step == 0) {
      return List.of("The initial policy is not the one the run started from.");
    }
    List<String> causes = new ArrayList<>();
    if (step > base) {
      ledger
          .find(step - 1)
          .map(
              before ->
                  LedgerDiff.environmentDifferences(
                      before.getEnvironment(), recorded.getEnvironment()))
          .filter(changes -> !changes.isEmpty())
          .ifPresent(
              changes ->
                  causes.add(
                      "The run itself changed its environment at this step: " + changes + "."));
    }
    causes.add(
        "The environment is the same: a record of the tape, the learner's configuration or the"
            + " learner's code has changed since the run.");
    return causes;
  }

  private void finishIfDone() {
    if (isDone()) {
      seconds = (System.nanoTime() - start) / 1e9;
    }
  }

  /**
   * What was found.
   *
   * @throws IllegalStateException the tape ended before the last step
   */
  public ReplayReport report() {
    if (!isDone()) {
      throw new TapeGapException(
          "The tape ends before step "
              + to
              + " of run "
              + ledger.run()
              + ": the last update that could be computed again is "
              + step
              + ". Nothing after it is verified.");
    }
    return new ReplayReport(
        ledger.run(),
        from,
        to,
        base,
        compared,
        step - base,
        Optional.ofNullable(divergence),
        seconds,
        liveSeconds());
  }

  private double liveSeconds() {
    return Math.max(0, ledger.entry(step).getCreatedMs() - ledger.entry(base).getCreatedMs()) / 1e3;
  }
}
