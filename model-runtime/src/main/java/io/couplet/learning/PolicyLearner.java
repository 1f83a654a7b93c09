package io.couplet.learning;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.files.InvalidFileException;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.TokenScorer;
import io.couplet.model.ModelConfig;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Improves a policy by coupled-GRPO: a deterministic function of (policy, settings, run seed, the
 * sequence of update batches), bit for bit at a fixed thread count and machine type. Owns its
 * weights; one caller at a time, several learners side by side.
 */
public final class PolicyLearner implements AutoCloseable {
  /** The name of the thread on which {@link #scoreAhead} does its work. */
  public static final String REFERENCE_THREAD = "couplet-reference";

  private static final String FORMAT = "couplet-learner-1";
  private static final String GENERATOR = "philox4x32-10 of sha256 names";

  private final Path policyDirectory;
  private final LearnerSettings settings;
  private final TrainableWeights trainable;
  private final ReferenceScores reference;
  private final long runSeed;
  private final MicroBatches microBatches;
  private final Gathered gathered;
  private long updates;

  private PolicyLearner(
      Path policyDirectory, LearnerSettings settings, long runSeed, TrainableWeights trainable) {
    this.policyDirectory = policyDirectory;
    this.settings = settings;
    this.runSeed = runSeed;
    this.trainable = trainable;
    reference = settings.klWeight() > 0 ? reference() : null;
    microBatches = new MicroBatches(trainable.module(), settings, runSeed);
    gathered = new Gathered(trainable, settings, microBatches, reference);
  }

  private ReferenceScores reference() {
    DreamWeights weights = trainable.weights().copy();
    TokenScorer scorer = new TokenScorer(trainable.module(), weights);
    return new ReferenceScores(weights, scorer, runSeed, settings.scoring());
  }

  /**
   * Starts from a policy directory, which later policies take their tokenizer from.
   *
   * @param runSeed names the masks of every token score
   * @throws io.couplet.files.InvalidFileException the directory is no valid policy
   */
  public static PolicyLearner open(
      Path policyDirectory, LearnerSettings settings, long runSeed, ComputeDevice device)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(policyDirectory)) {
      DreamModule module = new DreamModule(checkpoint.config(), device);
      try {
        TrainableWeights trainable =
            new TrainableWeights(
                module, DreamWeights.read(module, checkpoint), settings.adamW(), settings.lanes());
        return new PolicyLearner(policyDirectory, settings, runSeed, trainable);
      } catch (IOException | RuntimeException e) {
        module.close();
        throw e;
      }
    }
  }

  /** Updates made. */
  public long step() {
    return updates;
  }

  public LearnerSettings settings() {
    return settings;
  }

  /** Shape of the policy. */
  public ModelConfig model() {
    return trainable.module().config();
  }

  /** The master weights, for scoring with the current policy between updates. */
  public TokenScorer currentScorer() {
    return new TokenScorer(trainable.module(), trainable.weights());
  }

  /**
   * Begins to compute what an update with this group needs and what does not depend on the updates
   * in between: its scores by the reference. An update computes the same bits with and without.
   * Groups are announced in the order in which updates will use them. Any thread may call this,
   * also during an update.
   *
   * @param sequences of all members; called later, on another thread
   */
  public void scoreAhead(String group, Supplier<List<CompletedPrompt>> sequences) {
    if (reference != null) {
      reference.ahead(group, sequences);
    }
  }

  /**
   * Computes what the next group adds to the gradient of the first inner iteration of the coming
   * update, so that less is left to do when the last group has come. An update computes the same
   * bits with and without.
   *
   * @param group all members of one group
   * @throws IllegalArgumentException the group cannot be learnt from
   */
  public void gather(List<TrainingSample> group) {
    gathered.add(checked(group));
  }

  /**
   * One update: mu inner iterations on the same samples, each with masks of its own. The loss is
   * normalised over the whole batch, however many micro-batches it takes. The first iteration takes
   * one group after the other, whether {@linkplain #gather gathered} before or now, the others take
   * as many samples at once as a micro-batch holds. Where a loss or gradient is not finite, the
   * learner is as it was before the call.
   *
   * @param samples those of a group beside each other
   * @throws IllegalArgumentException a sample cannot be learnt from: the batch is empty, or the
   *     behaviour scores do not have mu rows of L values
   */
  public UpdateReport update(List<TrainingSample> samples) {
    long start = System.nanoTime();
    UpdateBatch batch = checked(samples);
    int iterations = settings.scoring().innerIterations();
    double learningRate = settings.learningRate().at(updates);
    LossWeights lossWeights =
        new LossWeights(settings, trainable.module().config().eosTokenId(), samples);
    UpdateMetrics metrics = new UpdateMetrics(lossWeights.tokens(), learningRate, start);
    TrainableWeights.Snapshot before = iterations > 1 ? trainable.snapshot() : null;
    try {
      gathered.complete(batch);
      metrics.gathered(gathered.secondsBefore(start));
      for (int inner = 0; inner < iterations; inner++) {
        double normalisation = inner == 0 ? lossWeights.normalisation() : 1;
        TrainableWeights.Step step =
            inner == 0
                ? gathered.step(learningRate, normalisation)
                : trainable.step(
                    "policy_step",
                    "policy_gradient",
                    microBatches.of(
                        inner,
                        samplesAtOnce(batch.size()),
                        batch,
                        lossWeights::of,
                        reference == null ? null : gathered::referenceScores),
                    learningRate);
        if (!step.applied()) {
          if (inner > 0) {
            trainable.restore(before);
          }
          return metrics.skipped(updates, inner, step);
        }
        metrics.add(step, normalisation);
      }
    } finally {
      gathered.forget();
      if (before != null) {
        before.close();
      }
    }
    updates++;
    syncReference();
    return metrics.updated(updates);
  }

  /** Lanes get a share each, where a micro-batch could hold all. */
  private int samplesAtOnce(int samples) {
    int share = (samples + settings.lanes() - 1) / settings.lanes();
    return Math.min(settings.microBatchSamples(), share);
  }

  private UpdateBatch checked(List<TrainingSample> samples) {
    return UpdateBatch.of(samples, settings.scoring().innerIterations());
  }

  private void syncReference() {
    int every = settings.referenceSyncUpdates();
    if (reference != null && every > 0 && updates % every == 0) {
      try (ReferenceScores.Change change = reference.change()) {
        if (settings.referenceMixup() == 1) {
          change.weights().assign(trainable.weights());
        } else {
          change.weights().mix(trainable.weights(), settings.referenceMixup());
        }
      }
    }
  }

  /** SHA-256 over the float32 master weights in canonical tensor order. */
  public String weightsSha256() {
    return trainable.weights().sha256();
  }

  /** Writes the current policy as a Hugging Face directory, float32, with the first one's files. */
  public void writePolicy(Path directory) throws IOException {
    trainable.writePolicy(directory, policyDirectory);
  }

  /**
   * Writes weights, both moments, reference, counters, run seed and the fingerprint of the settings
   * into a safetensors file that must not exist. {@link #importState} brings back the same bits.
   */
  public void exportState(Path file) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("updates", Long.toString(updates));
    values.put("optimizer_steps", Long.toString(trainable.optimizerSteps()));
    values.put("run_seed", Long.toString(runSeed));
    values.put("generator", GENERATOR);
    values.put("settings", settings.toString());
    values.put("settings_sha256", settings.fingerprint());
    TrainerStateFile.write(file, FORMAT, values, parts());
  }

  private Map<String, DreamWeights> parts() {
    Map<String, DreamWeights> parts = trainable.parts();
    if (reference != null) {
      parts.put("reference", reference.weights());
    }
    return parts;
  }

  /**
   * Goes on from an exported state of the same settings and run seed.
   *
   * @throws io.couplet.files.InvalidFileException the file is no state of such a learner; nothing
   *     has changed then
   */
  public void importState(Path file) throws IOException {
    importState(file, false);
  }

  /**
   * Takes over the weights, moments, reference and counters of another run, to go on under this
   * learner's settings and seed: how a fork begins.
   */
  public void adoptState(Path file) throws IOException {
    importState(file, true);
  }

  private void importState(Path file, boolean fromAnotherRun) throws IOException {
    try (TrainerStateFile.Reading state = TrainerStateFile.Reading.open(file, FORMAT)) {
      if (!fromAnotherRun) {
        requireSame(state, "settings_sha256", settings.fingerprint());
        requireSame(state, "run_seed", Long.toString(runSeed));
        requireSame(state, "generator", GENERATOR);
      }
      gathered.forget();
      Map<String, DreamWeights> parts = parts();
      boolean hasReference =
          state.file().contains("reference." + trainable.weights().specs().get(0).name());
      if (fromAnotherRun && !hasReference) {
        parts.remove("reference");
      }
      long newUpdates = state.number("updates");
      long newSteps = state.number("optimizer_steps");
      if (reference == null) {
        state.readAll(parts);
      } else {
        try (ReferenceScores.Change change = reference.change()) {
          state.readAll(parts);
          if (fromAnotherRun && !hasReference) {
            change.weights().assign(trainable.weights());
          }
        }
      }
      updates = newUpdates;
      trainable.restoreOptimizerSteps(newSteps);
    }
  }

  private static void requireSame(TrainerStateFile.Reading state, String key, String expected) {
    if (!state.value(key).equals(expected)) {
      throw new InvalidFileException(
          state.file().path(),
          "was written by a learner with %s %s, this one has %s; a fork takes over a foreign state"
              .formatted(key, state.value(key), expected));
    }
  }

  @Override
  public void close() {
    if (reference != null) {
      reference.close();
    }
    trainable.close();
  }
}
