package io.couplet.learning;

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
  private final MicroBatches microBatches;
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
      MicroBatches microBatches,
      ReferenceScores reference) {
    this.trainable = trainable;
    this.settings = settings;
    this.microBatches = microBatches;
    this.reference = reference;
  }

  /** Adds all members of the next group. */
  void add(UpdateBatch group) {
    String id = group.samples().get(0).group();
    if (group.samples().stream().anyMatch(sample -> !sample.group().equals(id)) || endsWith(id)) {
      throw new IllegalArgumentException(
          "Expected all members of one group, found some of group " + id + " and others");
    }
    try {
      addGroup(group);
    } catch (RuntimeException | Error e) {
      forget(); // part of the group may be in the sum
      throw e;
    }
  }

  private void addGroup(UpdateBatch group) {
    if (gradient == null) {
      gradient = trainable.sum();
    }
    Supplier<float[][][]> scores = reference == null ? null : reference.of(group.sequences());
    LossWeights weights =
        new LossWeights(settings, trainable.module().config().eosTokenId(), group.samples());
    microBatches
        .of(0, settings.microBatchSamples(), group, weights::unnormalisedOf, scores)
        .forEach(batch -> gradient.add("policy_gradient", batch));
    samples.addAll(group.samples());
    if (scores != null) {
      referenceScores.add(scores);
    }
  }

  /**
   * Adds what is missing of an update's batch. Where the groups before are not those the batch
   * begins with, all begins anew.
   */
  void complete(UpdateBatch batch) {
    List<TrainingSample> wanted = batch.samples();
    if (!isBeginningOf(wanted)) {
      forget();
    }
    int from = samples.size();
    while (from < wanted.size()) {
      String group = wanted.get(from).group();
      int to = from + 1;
      while (to < wanted.size() && wanted.get(to).group().equals(group)) {
        to++;
      }
      add(batch.part(from, to));
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
