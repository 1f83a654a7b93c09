package io.couplet.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.ScoringArrays;
import io.couplet.torch.DreamModule;
import java.nio.FloatBuffer;
import java.util.List;

/** The samples of one engine call of an update, as columns over their T completion tokens. */
public final class PolicyMicroBatch implements TrainableWeights.MicroBatch {
  private final DreamModule module;
  private final LearnerSettings settings;
  private final long runSeed;
  private final int innerIteration;
  private final List<CompletedPrompt> sequences;
  private final FloatBuffer old;
  private final FloatBuffer reference;
  private final FloatBuffer advantage;
  private final FloatBuffer weight;

  /**
   * Holds no samples' columns yet: {@link #add} brings them, once for each sequence and in order.
   *
   * @param innerIteration with run seed, group and member it names the masks
   */
  public PolicyMicroBatch(
      DreamModule module,
      LearnerSettings settings,
      long runSeed,
      int innerIteration,
      List<CompletedPrompt> sequences) {
    this.module = module;
    this.settings = settings;
    this.runSeed = runSeed;
    this.innerIteration = innerIteration;
    this.sequences = sequences;
    int tokens = sequences.stream().mapToInt(sample -> sample.completionIds().length).sum();
    old = FloatBuffer.allocate(tokens);
    reference = FloatBuffer.allocate(settings.klWeight() > 0 ? tokens : 0);
    advantage = FloatBuffer.allocate(tokens);
    weight = FloatBuffer.allocate(tokens);
  }

  /**
   * The columns of the next sequence.
   *
   * @param behaviourScores [L]
   * @param referenceScores [L]; null without a reference
   * @param lossWeights [L]
   */
  public void add(
      float[] behaviourScores, float[] referenceScores, float value, float[] lossWeights) {
    old.put(behaviourScores);
    if (referenceScores != null) {
      reference.put(referenceScores);
    }
    for (int k = 0; k < lossWeights.length; k++) {
      advantage.put(value);
    }
    weight.put(lossWeights);
  }

  @Override
  public NDList arguments(NDManager owner) {
    ScoringArrays scoring =
        ScoringArrays.of(module, owner, sequences, runSeed, innerIteration, settings.scoring());
    NDList arguments = new NDList(scoring.arguments());
    arguments.add(column(owner, old));
    arguments.add(column(owner, reference));
    arguments.add(column(owner, advantage));
    arguments.add(column(owner, weight));
    arguments.add(
        module.hostValues(owner, settings.clipLow(), settings.clipHigh(), settings.klWeight()));
    return arguments;
  }

  private static NDArray column(NDManager owner, FloatBuffer values) {
    return owner.create(values.array(), new Shape(values.capacity()));
  }
}
