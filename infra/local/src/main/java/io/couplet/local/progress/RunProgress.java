package io.couplet.local.progress;

import io.couplet.schemas.Evaluation;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How far a run is, from its ledger and its evaluations, and the keeper of {@code metrics.jsonl}.
 * Records may come twice; each step counts once. Thread-safe.
 */
public final class RunProgress {
  /**
   * An evaluation that was not made (a worker without answers, say) must not hold a run for ever.
   */
  private static final Duration EVALUATION_PATIENCE = Duration.ofMinutes(5);

  /** What drives evaluation and the end of a run. */
  public record Plan(int evaluateEvery, Optional<Long> untilStep) {}

  private final Plan plan;
  private final LongSupplier nanos;
  private final long startedMs;
  private final MetricsJournal journal;
  private final NavigableMap<Long, UpdateMetrics> updates = new TreeMap<>();
  private final NavigableMap<Long, HeldOut> evaluations = new TreeMap<>();
  private final Map<String, Integer> drops = new TreeMap<>();
  private final Map<Long, Integer> partsTold = new HashMap<>();
  private long lastCreatedMs;
  private long consumedGroups;
  private Optional<String> halted = Optional.empty();
  private OptionalLong waitingSinceNanos = OptionalLong.empty();

  private RunProgress(Plan plan, long startedMs, MetricsJournal journal, LongSupplier nanos) {
    this.nanos = nanos;
    this.plan = plan;
    this.startedMs = startedMs;
    this.journal = journal;
  }

  /**
   * @param metrics the run's {@code metrics.jsonl}, continued where it ends
   * @param startedMs wall clock at the start of this process
   */
  public static RunProgress open(Path metrics, Plan plan, long startedMs) throws IOException {
    return open(metrics, plan, startedMs, System::nanoTime);
  }

  static RunProgress open(Path metrics, Plan plan, long startedMs, LongSupplier nanos)
      throws IOException {
    return new RunProgress(plan, startedMs, MetricsJournal.open(metrics), nanos);
  }

  /** Time passes: lines that have waited too long for their evaluation are written without it. */
  public synchronized void refresh() throws IOException {
    writeDue();
  }

  /** Takes in an entry of the ledger. Returns the update it describes if it is a new one. */
  public synchronized Optional<UpdateMetrics> accept(LedgerEntry entry) throws IOException {
    if (entry.getOutcome() == UpdateOutcome.HALTED) {
      halted = Optional.of(String.valueOf(entry.getReason()));
      return Optional.empty();
    }
    if (entry.getPart() > 0) {
      acceptMoreDrops(entry);
      return Optional.empty();
    }
    if (updates.containsKey(entry.getStep())) {
      return Optional.empty();
    }
    UpdateMetrics update = UpdateMetrics.of(entry, since(entry));
    lastCreatedMs = entry.getCreatedMs();
    consumedGroups = entry.getConsumedGroups();
    count(entry.getDrops());
    updates.put(update.step(), update);
    writeDue();
    return Optional.of(update);
  }

  /** Parts of an update come in their order, and again when the step is told again. */
  private void acceptMoreDrops(LedgerEntry entry) {
    int last = partsTold.getOrDefault(entry.getStep(), 0);
    if (entry.getPart() == last + 1) {
      partsTold.put(entry.getStep(), entry.getPart());
      count(entry.getDrops());
    }
  }

  private void count(List<LedgerDrop> more) {
    more.forEach(drop -> drops.merge(kind(drop.getReason()), 1, Integer::sum));
  }

  /** Takes in an evaluation. Returns its result if it is a new one. */
  public synchronized Optional<HeldOut> accept(Evaluation evaluation) throws IOException {
    HeldOut result = HeldOut.of(evaluation);
    boolean fresh = evaluations.putIfAbsent(result.step(), result) == null;
    writeDue();
    return fresh ? Optional.of(result) : Optional.empty();
  }

  /** A pause between two processes is not slow generation. */
  private long since(LedgerEntry entry) {
    boolean ofThisProcess = entry.getCreatedMs() > startedMs;
    return ofThisProcess ? Math.max(lastCreatedMs, startedMs) : lastCreatedMs;
  }

  private static String kind(String reason) {
    int colon = reason.indexOf(':');
    return colon < 0 ? reason : reason.substring(0, colon);
  }

  /**
   * Writes the lines that can be written now. The first line, which tells where the run started,
   * waits for its own evaluation. In a run with an end the last lines wait, as many as there are
   * evaluations to come: no later line could hold them. None waits longer than {@link
   * #EVALUATION_PATIENCE}.
   */
  private void writeDue() throws IOException {
    for (UpdateMetrics update : updates.tailMap(journal.lastStep(), false).values()) {
      if (plan.untilStep().isPresent() && update.step() > plan.untilStep().get()) {
        return;
      }
      if (waits(update)) {
        return;
      }
      waitingSinceNanos = OptionalLong.empty();
      journal.write(update, nextUnwritten(update));
    }
  }

  /** Evaluations come in the order of their versions: a later one means this one was not made. */
  private boolean waits(UpdateMetrics update) {
    if (!needsEvaluation(update)) {
      return false;
    }
    if (waitingSinceNanos.isEmpty()) {
      waitingSinceNanos = OptionalLong.of(nanos.getAsLong());
    }
    return nanos.getAsLong() - waitingSinceNanos.getAsLong() < EVALUATION_PATIENCE.toNanos();
  }

  private boolean needsEvaluation(UpdateMetrics update) {
    if (update.step() == 0) {
      return isEvaluated(update) && evaluations.isEmpty();
    }
    if (isLast(update)) {
      long due = newestDue(update);
      return due > 0 && evaluations.tailMap(due).isEmpty();
    }
    return plan.untilStep().isPresent()
        && evaluations.tailMap(journal.lastHeldOutStep(), false).isEmpty()
        && plan.untilStep().get() - update.step() < evaluationsToCome(update);
  }

  /** The newest step up to this one whose evaluation stands in no line yet; 0 for none. */
  private long newestDue(UpdateMetrics newest) {
    return dueUpTo(newest).mapToLong(UpdateMetrics::step).max().orElse(0);
  }

  private Stream<UpdateMetrics> dueUpTo(UpdateMetrics newest) {
    return updates.subMap(journal.lastHeldOutStep(), false, newest.step(), true).values().stream()
        .filter(this::isEvaluated);
  }

  /** Evaluations of updates up to the end of the run that stand in no line yet. */
  private long evaluationsToCome(UpdateMetrics newest) {
    long made = dueUpTo(newest).count();
    long laterSteps = plan.untilStep().get() - newest.step();
    return plan.evaluateEvery() == 0
        ? 0
        : made
            + (newest.version() + laterSteps) / plan.evaluateEvery()
            - newest.version() / plan.evaluateEvery();
  }

  /** A line has room for one evaluation: they take their turns, only the last line cannot wait. */
  private Optional<HeldOut> nextUnwritten(UpdateMetrics update) {
    NavigableMap<Long, HeldOut> unwritten =
        evaluations
            .tailMap(journal.lastHeldOutStep(), false)
            .headMap(Math.max(journal.lastHeldOutStep() + 1, update.step() + 1), false);
    if (unwritten.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        (isLast(update) ? unwritten.lastEntry() : unwritten.firstEntry()).getValue());
  }

  private boolean isEvaluated(UpdateMetrics update) {
    return plan.evaluateEvery() > 0 && update.version() % plan.evaluateEvery() == 0;
  }

  private boolean isLast(UpdateMetrics update) {
    return plan.untilStep().isPresent() && update.step() == plan.untilStep().get();
  }

  /** Whether the step a run was asked to reach is in {@code metrics.jsonl}. */
  public synchronized boolean isDone() {
    return plan.untilStep().isPresent() && journal.lastStep() >= plan.untilStep().get();
  }

  /** Whether the step a run was asked to reach has been made; its evaluation may be missing yet. */
  public synchronized boolean hasReachedEnd() {
    return plan.untilStep().isPresent()
        && (isDone() || (!updates.isEmpty() && updates.lastKey() >= plan.untilStep().get()));
  }

  /** Why the learner stopped for good, if it did. */
  public synchronized Optional<String> halted() {
    return halted;
  }

  /** The state as a person wants to see it. */
  public synchronized Snapshot snapshot() {
    List<HeldOut> heldOut = new ArrayList<>(evaluations.values());
    List<Double> rewards =
        updates.tailMap(0L, false).values().stream().map(UpdateMetrics::rewardMean).toList();
    return new Snapshot(
        updates.isEmpty() ? Optional.empty() : Optional.of(updates.lastEntry().getValue()),
        heldOut,
        rewards,
        consumedGroups,
        new TreeMap<>(drops),
        plan.untilStep());
  }

  /**
   * A state of the run.
   *
   * @param latest the newest update; step 0 before the first; empty while nothing is known
   * @param heldOut evaluations in step order
   * @param rewards reward mean of every update
   * @param consumedGroups groups the learner is done with
   * @param drops groups that took part in no update, by reason
   * @param untilStep the step to reach, if any
   */
  public record Snapshot(
      Optional<UpdateMetrics> latest,
      List<HeldOut> heldOut,
      List<Double> rewards,
      long consumedGroups,
      Map<String, Integer> drops,
      Optional<Long> untilStep) {
    public Snapshot {
      heldOut = List.copyOf(heldOut);
      rewards = List.copyOf(rewards);
      drops = Map.copyOf(drops);
    }
  }
}
