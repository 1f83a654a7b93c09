package io.couplet.learner;

import io.couplet.learner.FailurePoint.Point;
import io.couplet.learner.LearnerStore.Published;
import io.couplet.learner.TapeDecision.Pending;
import io.couplet.learner.TapeDecision.Skip;
import io.couplet.learner.TapeDecision.Update;
import io.couplet.policy.BlobReference;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the tape into policy versions: for each full batch one update, then the policy into the
 * store, then announcement and ledger record as one, so that whatever is known exists. After a
 * restart it computes the updates since the checkpoint again; those that the ledger already holds
 * with the same hash are recognised and not told twice, and one with another hash halts the run.
 *
 * <p>Not thread-safe but for {@link #payAhead}; owns nothing it is given.
 */
public final class Learner {
  private final LearnerSettings settings;
  private final Trainer trainer;
  private final LearnerStore store;
  private final LearnerJournal journal;
  private final Announcements announcements;
  private final FailurePoint failures;
  private final LearnerGauges gauges;
  private final LedgerRecords records;
  private final TapeRules rules;
  private final Retention retention;
  private String weights;
  private Published policy;
  private String parentSha256;
  private int nonFiniteInARow;
  private long waitingSince = System.nanoTime();
  private double recording;

  private Learner(
      LearnerSettings settings,
      Trainer trainer,
      LearnerStore store,
      LearnerJournal journal,
      FailurePoint failures,
      LearnerGauges gauges,
      TapeRules rules,
      Retention retention) {
    this.settings = settings;
    this.trainer = trainer;
    this.store = store;
    this.journal = journal;
    this.announcements = new Announcements(journal, gauges);
    this.failures = failures;
    this.gauges = gauges;
    this.rules = rules;
    this.retention = retention;
    this.records = new LedgerRecords(settings, trainer.environment(), journal.fence());
  }

  /** What a learner works with. */
  public record Surroundings(
      Trainer trainer,
      LearnerStore store,
      LearnerJournal journal,
      FailurePoint failures,
      LearnerGauges gauges) {}

  /**
   * Starts at the beginning of the tape and publishes the trainer's policy as version 0.
   *
   * @param forked whether the trainer came with the state of another run, which replay then needs
   */
  public static Learner begin(LearnerSettings settings, Surroundings around, boolean forked)
      throws IOException {
    Learner learner =
        of(
            settings,
            around,
            new TapeRules(settings.tape(), around.trainer().limits()),
            new Retention(settings));
    learner.weights = around.trainer().weightsSha256();
    learner.publish(0);
    BlobReference state = forked ? around.store().saveState(around.trainer()) : null;
    LedgerEntry entry = learner.records.initial(learner.weights, learner.policy, state);
    learner.failures.reached(Point.AFTER_BLOB, 0);
    learner.tell(entry, 0);
    learner.failures.reached(Point.AFTER_ANNOUNCEMENT, 0);
    return learner;
  }

  /**
   * Goes on where a checkpoint was taken; the trainer has that checkpoint's state.
   *
   * @throws RunHaltedException the trainer's weights are not those of the checkpoint
   */
  public static Learner resume(
      LearnerSettings settings, Surroundings around, LearnerCheckpoint checkpoint)
      throws IOException {
    Learner learner =
        of(
            settings,
            around,
            new TapeRules(settings.tape(), around.trainer().limits(), checkpoint.position()),
            new Retention(settings, checkpoint.blobs(), checkpoint.published()));
    learner.weights = around.trainer().weightsSha256();
    if (!learner.weights.equals(checkpoint.weightsSha256())) {
      throw new RunHaltedException(
          "Run "
              + settings.run()
              + ", step "
              + checkpoint.position().step()
              + ": the restored trainer's weights hash to "
              + learner.weights
              + ", the checkpoint says "
              + checkpoint.weightsSha256()
              + ". Start from an older checkpoint.");
    }
    learner.policy = checkpoint.policy();
    learner.parentSha256 = checkpoint.parentSha256();
    learner.nonFiniteInARow = checkpoint.nonFiniteInARow();
    // Tells the gate where the learner stands, and makes this learner's number known.
    learner.credit();
    return learner;
  }

  private static Learner of(
      LearnerSettings settings, Surroundings around, TapeRules rules, Retention retention) {
    return new Learner(
        settings,
        around.trainer(),
        around.store(),
        around.journal(),
        around.failures(),
        around.gauges(),
        rules,
        retention);
  }

  /** Where it stands between two records. */
  TapePosition position() {
    return rules.position();
  }

  /** Reads the next record of the tape. */
  public void read(long offset, Group group) throws IOException {
    read(offset, group, false);
  }

  /**
   * Reads the next record of the tape.
   *
   * @param paid whether its credit was {@linkplain #payAhead paid} before, which is right for what
   *     {@link Foresight} has foreseen alone
   */
  void read(long offset, Group group, boolean paid) throws IOException {
    TapeDecision decision = rules.read(offset, group);
    boolean paysCredit = decision instanceof Skip skip && skip.paysCredit();
    if (paid && !paysCredit) {
      throw new IllegalStateException(
          "The credit of group " + group.getGroup() + " was paid ahead, but it is not skipped");
    }
    if (paid) {
      announcements.settleAhead(announcement(rules.consumedGroups()));
    } else if (paysCredit) {
      credit();
    } else if (decision instanceof Update update) {
      update(update.batch());
    } else if (decision instanceof Pending) {
      trainer.gather(group);
    }
  }

  /** A record that will be read later and is likely to be learnt from. Any thread may call this. */
  void foresee(Group group) {
    trainer.foresee(group);
  }

  /**
   * Pays the credit of a record that will be skipped, before it is this learner's turn to {@link
   * #read} it. Any thread may call this at any time.
   */
  void payAhead() throws IOException {
    announcements.payAhead();
  }

  private void update(TapeBatch batch) throws IOException {
    long step = batch.step();
    long start = System.nanoTime();
    long startMs = System.currentTimeMillis();
    failures.reached(Point.BEFORE_OPTIMIZER_STEP, step);
    UpdateSummary summary = trainer.update(batch);
    failures.reached(Point.AFTER_OPTIMIZER_STEP, step);
    long learnt = System.nanoTime();
    rules.updated(summary.finite());
    nonFiniteInARow = summary.finite() ? 0 : nonFiniteInARow + 1;
    String parent = policy.reference().sha256();
    if (summary.finite()) {
      weights = trainer.weightsSha256();
    }
    long hashed = System.nanoTime();
    if (summary.finite()) {
      parentSha256 = parent;
      publish(batch.versionIn() + 1);
    }
    BlobReference kept = settings.keepsStep(step) ? store.saveState(trainer) : null;
    failures.reached(Point.AFTER_BLOB, step);
    long published = System.nanoTime();

    double waited = Math.max(0, seconds(waitingSince, start) - summary.gatheredSeconds());
    LearnerGauges.Timing timing =
        new LearnerGauges.Timing(
            waited,
            seconds(waitingSince, learnt) - waited,
            seconds(learnt, hashed),
            seconds(hashed, published),
            recording);
    LedgerEntry entry =
        records.update(batch, summary, weights, policy, parent, durations(batch, timing, startMs));
    LedgerRecords.setTrainerState(entry, kept);
    tell(entry, batch.consumedGroups());
    failures.reached(Point.AFTER_ANNOUNCEMENT, step);
    gauges.updated(
        summary,
        timing,
        entry.getRewardMean(),
        new double[] {
          entry.getStalenessP50(), entry.getStalenessP95(), (double) entry.getStalenessMax()
        });
    waitingSince = System.nanoTime();
    recording = seconds(published, waitingSince);
    haltAfterTooManySkips(step);
  }

  /** Announces a step and records it, unless the ledger already holds it. */
  private void tell(LedgerEntry entry, long consumedGroups) throws IOException {
    Optional<String> known = journal.weightsInLedger(entry.getStep());
    if (known.isEmpty()) {
      announcements.announce(announcement(consumedGroups), entry);
    } else if (known.get().equals(entry.getWeightsSha256())) {
      gauges.recognised();
      announcements.credit(announcement(consumedGroups));
    } else {
      halt(
          entry.getStep(),
          "the ledger holds weights "
              + known.get()
              + ", computed again from the same tape they are "
              + entry.getWeightsSha256()
              + ". Nothing was announced. Start the run on the machine type, thread count and"
              + " library versions that the ledger names for this step, or fork it from step "
              + Math.max(0, entry.getStep() - 1)
              + (entry.getStep() == 0
                  ? ", or give this run another name: its initial policy has changed."
                  : "."));
    }
  }

  private void haltAfterTooManySkips(long step) throws IOException {
    if (nonFiniteInARow >= settings.maxNonFinite()) {
      halt(
          step,
          nonFiniteInARow
              + " updates in a row had a gradient that is not finite and were skipped. Fork the run"
              + " from a step before and lower learner.learning_rate.");
    }
  }

  private void halt(long step, String reason) throws IOException {
    String sentence = "Run " + settings.run() + " halts at step " + step + ": " + reason;
    announcements.halt(records.halted(step, sentence, weights, policy));
    throw new RunHaltedException(sentence);
  }

  private void credit() throws IOException {
    announcements.credit(announcement(rules.consumedGroups()));
  }

  private Policy announcement(long consumedGroups) {
    return Policy.newBuilder()
        .setRun(settings.run())
        .setVersion(policy.reference().version())
        .setStep(rules.step())
        .setUri(policy.reference().uri())
        .setSha256(policy.reference().sha256())
        .setSizeBytes(policy.sizeBytes())
        .setParentSha256(parentSha256)
        .setConsumedGroups(consumedGroups)
        .setFence(journal.fence())
        .setCreatedMs(System.currentTimeMillis())
        .build();
  }

  private void publish(long version) throws IOException {
    policy = store.publish(version, trainer);
    retention.published(policy);
  }

  private static Map<String, Double> durations(
      TapeBatch batch, LearnerGauges.Timing timing, long startMs) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("waiting", timing.waiting());
    seconds.put("learning", timing.learning());
    seconds.put("hashing", timing.hashing());
    seconds.put("publishing", timing.publishing());
    seconds.put("recording", timing.recording());
    double opened =
        batch.groups().stream()
            .mapToLong(g -> g.group().getOpenedMs())
            .average()
            .orElse((double) startMs);
    seconds.put("sample_to_gradient", Math.max(0, startMs - opened) / 1e3);
    return seconds;
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  /** Saves the trainer's state for a checkpoint, once for each step. */
  public LearnerCheckpoint checkpoint(long checkpointId) throws IOException {
    long step = rules.step();
    Optional<BlobReference> saved = retention.stateOf(step);
    BlobReference state = saved.isPresent() ? saved.get() : store.saveState(trainer);
    failures.reached(Point.DURING_SNAPSHOT, step);
    retention.saved(checkpointId, step, state);
    return new LearnerCheckpoint(
        rules.position(),
        weights,
        policy,
        parentSha256,
        nonFiniteInARow,
        retention.blobs(),
        retention.policies());
  }

  /** Deletes what neither a retained checkpoint nor anything else needs any more. */
  public void checkpointCompleted(long checkpointId) throws IOException {
    Retention.Collected collected = retention.completed(checkpointId);
    for (String uri : collected.blobs()) {
      store.deleteBlob(uri);
    }
    for (String uri : collected.policies()) {
      store.deletePolicy(uri);
    }
  }
}
