package io.couplet.learning;

import io.couplet.torch.DreamModule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Cuts samples into the micro-batches of engine calls.
 *
 * @param runSeed with inner iteration, group and member it names the masks
 */
record MicroBatches(DreamModule module, LearnerSettings settings, long runSeed) {
  /**
   * @param innerIteration of the update, from 0
   * @param most samples of one micro-batch, at least 1
   * @param lossWeights [L] of a sample
   * @param referenceScores [sample][mu][L], asked for when arguments are; null without a reference
   */
  List<TrainableWeights.MicroBatch> of(
      int innerIteration,
      int most,
      UpdateBatch batch,
      Function<TrainingSample, float[]> lossWeights,
      Supplier<float[][][]> referenceScores) {
    List<TrainableWeights.MicroBatch> batches = new ArrayList<>();
    for (int first = 0; first < batch.size(); first += most) {
      int from = first;
      UpdateBatch part = batch.part(from, Math.min(batch.size(), from + most));
      batches.add(
          owner -> {
            float[][][] reference = referenceScores == null ? null : referenceScores.get();
            PolicyMicroBatch columns =
                new PolicyMicroBatch(module, settings, runSeed, innerIteration, part.sequences());
            for (int i = 0; i < part.size(); i++) {
              TrainingSample sample = part.samples().get(i);
              columns.add(
                  sample.behaviourScores()[innerIteration],
                  reference == null ? null : reference[from + i][innerIteration],
                  sample.advantage(),
                  lossWeights.apply(sample));
            }
            return columns.arguments(owner);
          });
    }
    return batches;
  }
}
