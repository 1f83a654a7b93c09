package io.couplet.learning;

import io.couplet.grpo.CompletedPrompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The groups of the coming update that have come so far, and the gradient of its first inner
 * iteration as far as it follows from them. The weights do not change between two updates, and the
 * sum over groups is normalised at its end, so that it can grow while groups come. Each group is
 * always by itself, whether it is {@linkplain #add added} early or {@linkplain #complete at the
 * end}: the bits do not depend on when. Not thread-safe.
 */
final class Gathered {
  private final TrainableWeights trainable;
  private final LearnerSettings settings;
  private final long runSeed;
  private final ReferenceScores reference;
  private final List<TrainingSample> samples = new ArrayList<>();

  /** [sample][mu][L], empty without a reference. */
  private final List<float[][]> referenceScores = new ArrayList<>();

  private TrainableWeights.GradientSum gradient;

  /**
   * @param reference null without one
   */
  Gathered(
      TrainableWeights trainable,
      LearnerSettings settings,
      long runSeed,
      ReferenceScores reference) {
    this.trainable = trainable;
    this.settings = settings;
    this.runSeed = runSeed;
    this.reference = reference;
  }

  /** Adds all members of the next group. */
  void add(List<TrainingSample> group, List<CompletedPrompt> sequences) {
    String id = group.get(0).group();
    if (group.stream().anyMatch(sample -> !sample.group().equals(id)) || endsWith(id)) {
      throw new IllegalArgumentException(
          "Expected all members of one group, found some of group " + id + " and others");
    }
    try {
      addGroup(group, sequences);
    } catch (RuntimeException | Error e) {
      forget(); // part of the group may be in the sum
      throw e;
    }
  }

  private void addGroup(List<TrainingSample> group, List<CompletedPrompt> sequences) {
    if (gradient == null) {
      gradient = trainable.sum();
    }
    float[][][] scores = reference == null ? null : reference.of(sequences);
    LossWeights weights =
        new LossWeights(settings, trainable.module().config().eosTokenId(), group);
    PolicyMicroBatch.cut(
            trainable.module(),
            settings,
            runSeed,
            0,
            group,
            sequences,
            weights::unnormalisedOf,
            scores)
        .forEach(batch -> gradient.add("policy_gradient", batch));
    samples.addAll(group);
    if (scores != null) {
      Collections.addAll(referenceScores, scores);
    }
  }

  /**
   * Adds what is missing of an update's batch. Where the groups before are not those the batch
   * begins with, all begins anew.
   *
   * @return reference scores of the batch, [sample][mu][L]; null without a reference
   */
  float[][][] complete(List<TrainingSample> batch, List<CompletedPrompt> sequences) {
    if (!isBeginningOf(batch)) {
      forget();
    }
    int from = samples.size();
    while (from < batch.size()) {
      String group = batch.get(from).group();
      int to = from + 1;
      while (to < batch.size() && batch.get(to).group().equals(group)) {
        to++;
      }
      add(batch.subList(from, to), sequences.subList(from, to));
      from = to;
    }
    return reference == null ? null : referenceScores.toArray(float[][][]::new);
  }

  private boolean isBeginningOf(List<TrainingSample> batch) {
    int size = samples.size();
    if (size > batch.size() || (size < batch.size() && endsWith(batch.get(size).group()))) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!samples.get(i).sameAs(batch.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean endsWith(String group) {
    return !samples.isEmpty() && samples.get(samples.size() - 1).group().equals(group);
  }

  /**
   * The step of AdamW that the first inner iteration ends with.
   *
   * @param normalisation of the batch's loss weights
   */
  TrainableWeights.Step step(double learningRate, double normalisation) {
    return gradient.step(learningRate, normalisation);
  }

  /** The groups are learnt from, or are not going to be, or the weights have changed. */
  void forget() {
    samples.clear();
    referenceScores.clear();
    gradient = null;
  }
}
