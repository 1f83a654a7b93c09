package io.couplet.benchmark;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.couplet.learning.PolicyMicroBatch;
import io.couplet.learning.TrainableWeights;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.util.Map;

/**
 * The training step as a loop in the host language makes it: scores, objective, gradient, and then
 * clipping with AdamW are engine calls of their own, with the graph and every intermediate result
 * held on this side in between. The arithmetic is that of {@code policy_step}.
 */
final class StepInSeparateCalls {
  /** Leading arguments that token scores depend on; the rest are the objective's. */
  private static final int SCORING_ARGUMENTS = 8;

  private StepInSeparateCalls() {}

  /** One step; loss and gradient norm. */
  static float[] step(TrainableWeights trainable, PolicyMicroBatch batch, double learningRate) {
    DreamModule module = trainable.module();
    Map<String, DreamWeights> parts = trainable.parts();
    try (NDManager call = module.manager().newSubManager()) {
      NDList arguments = batch.arguments(call);
      NDList leaves = module.train(call, "leaves", parts.get("weights").named("p"));
      NDList score =
          module.train(call, "scores", list(arguments, 0, SCORING_ARGUMENTS), named(leaves, "p"));
      NDList objective =
          module.train(
              call,
              "clipped_objective",
              score,
              list(arguments, SCORING_ARGUMENTS, arguments.size()));
      NDList loss = new NDList(objective.get(0));
      NDList gradient = module.train(call, "gradient", loss, named(leaves, "leaves"));
      NDList report =
          module.train(
              call,
              "adamw",
              loss,
              named(gradient, "g"),
              parts.get("weights").named("p"),
              parts.get("first_moment").named("m"),
              parts.get("second_moment").named("v"),
              new NDList(trainable.optimizer(call, learningRate)));
      trainable.restoreOptimizerSteps(trainable.optimizerSteps() + 1);
      return report.get(0).toFloatArray();
    }
  }

  private static NDList list(NDList arguments, int from, int to) {
    return new NDList(arguments.subList(from, to));
  }

  private static NDList named(NDList arrays, String argument) {
    arrays.forEach(array -> array.setName(argument + "[]"));
    return arrays;
  }
}
