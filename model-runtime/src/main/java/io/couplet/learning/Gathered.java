package io.couplet.learning;

import io.couplet.grpo.CompletedPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

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

  /** Of each group, [member][mu][L]; empty without a reference. */
  private final List<Supplier<float[][][]>> referenceScores = new ArrayList<>();

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
    Supplier<float[][][]> scores = reference == null ? null : reference.of(sequences);
    LossWeights weights =
        new LossWeights(settings, trainable.module().config().eosTokenId(), group);
    PolicyMicroBatch.cut(
            trainable.module(),
            settings,
            runSeed,
            0,
            settings.microBatchSamples(),
            group,
            sequences,
            weights::unnormalisedOf,
            scores)
        .forEach(batch -> gradient.add("policy_gradient", batch));
    samples.addAll(group);
    if (scores != null) {
      referenceScores.add(scores);
    }
  }

  /**
   * Adds what is missing of an update's batch. Where the groups before are not those the batch
   * begins with, all begins anew.
   */
  void complete(List<TrainingSample> batch, List<CompletedPrompt> sequences) {
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
  }

  /** Reference scores of the batch, [sample][mu][L]; null without a reference. */
  float[][][] referenceScores() {
    return reference == null
        ? null
        : referenceScores.stream()
            .flatMap(group -> Arrays.stream(group.get()))
            .toArray(float[][][]::new);
  }

  /** Seconds of the time before in which anything was computed for the coming update. */
  double secondsBefore(long nanos) {
    double seconds = 0;
    long counted = Long.MIN_VALUE;
    List<TrainableWeights.Part> parts =
        gradient.parts().stream()
            .sorted(Comparator.comparingLong(TrainableWeights.Part::begin))
            .toList();
    for (TrainableWeights.Part part : parts) {
      long begin = counted == Long.MIN_VALUE ? part.begin() : Math.max(part.begin(), counted);
      long end = Math.min(part.end(), nanos);
      if (end > begin) {
        seconds += (end - begin) / 1e9;
        counted = end;
      }
    }
    return seconds;
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
    if (gradient != null) {
      gradient.abandon();
    }
    samples.clear();
    referenceScores.clear();
    gradient = null;
  }
}
