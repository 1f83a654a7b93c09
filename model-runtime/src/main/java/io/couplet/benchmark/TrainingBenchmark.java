package io.couplet.benchmark;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.couplet.checkpoint.Checkpoint;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.ScoringSettings;
import io.couplet.grpo.TokenScorer;
import io.couplet.learning.LearnerSettings;
import io.couplet.learning.PolicyMicroBatch;
import io.couplet.learning.TrainableWeights;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The training step of coupled-GRPO (forward, loss, gradient, clipping, AdamW) in one engine call
 * against the same step in separate engine calls, on the same samples from the same weights. Every
 * second sample counts as good: what is measured does not depend on the rewards.
 */
public final class TrainingBenchmark implements AutoCloseable {
  private static final long SEED = 1;
  private static final double BACKWARD_AND_FORWARD = 3; // a backward pass is two forward passes

  private final LearnerSettings settings;
  private final List<CompletedPrompt> samples;
  private final TrainableWeights oneCall;
  private final TrainableWeights separate;
  private final float[][] behaviour;

  /**
   * What was measured.
   *
   * @param samples sequences of a step
   * @param tokens completion tokens of a step
   * @param oneCallSeconds median of a step in one engine call
   * @param separateSeconds median of the same step in separate engine calls
   * @param speedup separate / one call, median of the rounds
   * @param identicalWeights whether both have the same bits in every weight after all rounds
   * @param tokensPerSecond completion tokens, in one call
   * @param gigaflops operations of the matrix products per second, in one call; a step counts as
   *     three forward passes
   * @param peakGigaflops best rate of a large square product here, same threads
   */
  public record Result(
      int samples,
      int tokens,
      double oneCallSeconds,
      double separateSeconds,
      double speedup,
      boolean identicalWeights,
      double tokensPerSecond,
      double gigaflops,
      double peakGigaflops) {
    /** Share of the measured peak that a step in one call reaches. */
    public double peakShare() {
      return gigaflops / peakGigaflops;
    }
  }

  private TrainingBenchmark(
      Path policy, LearnerSettings settings, List<CompletedPrompt> samples, ComputeDevice device)
      throws IOException {
    this.settings = settings;
    this.samples = List.copyOf(samples);
    oneCall = trainable(policy, device);
    separate = trainable(policy, device);
    behaviour =
        new TokenScorer(oneCall.module(), oneCall.weights())
            .score(samples, SEED, settings.scoring(), 0);
  }

  /**
   * Steps from a policy directory.
   *
   * @param samples completions of the policy
   */
  public static TrainingBenchmark of(
      Path policy, ScoringSettings scoring, List<CompletedPrompt> samples, ComputeDevice device)
      throws IOException {
    LearnerSettings small = LearnerSettings.smallPolicy();
    LearnerSettings settings =
        new LearnerSettings(
            scoring,
            small.clipLow(),
            small.clipHigh(),
            0,
            small.aggregation(),
            false,
            small.stopTokenIds(),
            0,
            1,
            small.learningRate(),
            small.adamW(),
            samples.size(),
            1);
    return new TrainingBenchmark(policy, settings, samples, device);
  }

  private TrainableWeights trainable(Path policy, ComputeDevice device) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(policy)) {
      DreamModule module = new DreamModule(checkpoint.config(), device);
      return new TrainableWeights(module, DreamWeights.read(module, checkpoint), settings.adamW());
    }
  }

  public Result run(int rounds) {
    Interleaved times =
        new Interleaved()
            .add("one", this::inOneCall)
            .add("separate", this::inSeparateCalls)
            .run(rounds);
    int tokens = samples.stream().mapToInt(sample -> sample.completionIds().length).sum();
    double seconds = times.median("one");
    return new Result(
        samples.size(),
        tokens,
        seconds,
        times.median("separate"),
        times.speedup("separate", "one"),
        oneCall.weights().sha256().equals(separate.weights().sha256()),
        tokens / seconds,
        operations() / seconds / 1e9,
        MatrixPeak.gigaflops());
  }

  /** One step in one engine call. */
  public void inOneCall() {
    TrainableWeights.Step step =
        oneCall.step(
            "policy_step",
            "policy_gradient",
            List.of(batch(oneCall)),
            settings.learningRate().peak());
    if (!step.applied()) {
      throw new IllegalStateException("The step has no finite gradient: " + step);
    }
  }

  private void inSeparateCalls() {
    StepInSeparateCalls.step(separate, batch(separate), settings.learningRate().peak());
  }

  private PolicyMicroBatch batch(TrainableWeights trainable) {
    PolicyMicroBatch batch = new PolicyMicroBatch(trainable.module(), settings, SEED, 0, samples);
    long tokens = samples.stream().mapToLong(sample -> sample.completionIds().length).sum();
    for (int i = 0; i < samples.size(); i++) {
      float[] weights = new float[behaviour[i].length];
      Arrays.fill(weights, 1f / tokens);
      batch.add(behaviour[i], null, i % 2 == 0 ? 1 : -1, weights);
    }
    return batch;
  }

  private double operations() {
    try (NDManager call = oneCall.module().manager().newSubManager()) {
      NDList arguments = batch(oneCall).arguments(call);
      Shape ids = arguments.get(0).getShape(); // [R, S]
      double rows = (double) ids.get(0);
      double length = (double) ids.get(1);
      double queries = (double) arguments.get(4).size();
      return BACKWARD_AND_FORWARD
          * ForwardCost.operations(oneCall.module().config(), rows, length, queries);
    }
  }

  @Override
  public void close() {
    oneCall.close();
    separate.close();
  }
}
