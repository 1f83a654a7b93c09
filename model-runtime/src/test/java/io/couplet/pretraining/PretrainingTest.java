package io.couplet.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.couplet.files.InvalidFileException;
import io.couplet.learning.AdamWSettings;
import io.couplet.learning.LearningRate;
import io.couplet.random.RandomStream;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.TinyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
  private static final int EOS = 1;

  @TempDir Path directory;

  /** The completion repeats the second prompt token twice and stops. */
  private static PretrainingExample copying(long number) {
    int token = 3 + RandomStream.named(1, "example", number).nextInt(10);
    return new PretrainingExample(new int[] {3, token}, new int[] {token, token, EOS, 0});
  }

  private static PretrainingSettings settings(
      long steps, TrainableTokens trainable, LossWeighting weighting, int microBatch) {
    return smoothed(0, steps, trainable, weighting, microBatch);
  }

  private static PretrainingSettings smoothed(
      double labelSmoothing,
      long steps,
      TrainableTokens trainable,
      LossWeighting weighting,
      int microBatch) {
    return new PretrainingSettings(
        9,
        steps,
        8,
        trainable,
        weighting,
        0.5,
        labelSmoothing,
        new LearningRate(1e-2, 2, steps, 0.1),
        new AdamWSettings(0.9, 0.98, 1e-8, 0.01, 1),
        microBatch);
  }

  private static Pretraining training(PretrainingSettings settings) throws Exception {
    return Pretraining.start(
        TinyModels.config(), settings, PretrainingTest::copying, ComputeDevice.CPU);
  }

  @Test
  void maskedCrossEntropyFallsOnATaskThatCanBeLearnt() throws Exception {
    PretrainingSettings settings =
        settings(150, TrainableTokens.COMPLETION, LossWeighting.LIKELIHOOD_BOUND, 8);
    List<Double> losses = new ArrayList<>();
    try (Pretraining training = training(settings)) {
      training.run(progress -> losses.add(progress.maskedCrossEntropy()));
      assertThat(training.finished()).isTrue();
    }
    double begin = mean(losses.subList(0, 10));
    double end = mean(losses.subList(140, 150));
    assertThat(begin).isGreaterThan(2);
    assertThat(end).isLessThan(begin / 4);
  }

  @Test
  void smoothedLabelsLeaveTheUncertaintyThatTheyName() throws Exception {
    double smoothing = 0.3;
    List<Double> losses = new ArrayList<>();
    try (Pretraining training =
        training(
            smoothed(smoothing, 300, TrainableTokens.COMPLETION, LossWeighting.MASKED_MEAN, 8))) {
      training.run(progress -> losses.add(progress.maskedCrossEntropy()));
    }
    int vocabulary = TinyModels.config().vocabSize();
    double other = smoothing / vocabulary;
    double right = 1 - (vocabulary - 1) * other;
    double entropy = -right * Math.log(right) - (vocabulary - 1) * other * Math.log(other);
    assertThat(mean(losses.subList(200, 300))).isBetween(0.8 * entropy, 1.25 * entropy);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void resumedTrainingEqualsUninterruptedTrainingBitForBit() throws Exception {
    PretrainingSettings settings = settings(12, TrainableTokens.ALL, LossWeighting.MASKED_MEAN, 8);
    Path state = directory.resolve("state.safetensors");
    String whole;
    try (Pretraining training = training(settings)) {
      training.run(
          progress -> {
            if (progress.step() == 5) {
              try {
                training.exportState(state);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            }
            return true;
          });
      whole = training.weightsSha256();
    }
    try (Pretraining training = training(settings)) {
      training.importState(state);
      assertThat(training.step()).isEqualTo(5);
      training.run(progress -> true);
      assertThat(training.weightsSha256()).isEqualTo(whole);
    }
    PretrainingSettings others = settings(13, TrainableTokens.ALL, LossWeighting.MASKED_MEAN, 8);
    try (Pretraining training = training(others)) {
      assertThatThrownBy(() -> training.importState(state))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("other settings");
    }
  }

  @Test
  void microBatchesReportTheLossOfTheWholeBatch() throws Exception {
    List<PretrainingProgress> whole = new ArrayList<>();
    List<PretrainingProgress> parts = new ArrayList<>();
    try (Pretraining one =
            training(settings(2, TrainableTokens.COMPLETION, LossWeighting.LIKELIHOOD_BOUND, 8));
        Pretraining two =
            training(settings(2, TrainableTokens.COMPLETION, LossWeighting.LIKELIHOOD_BOUND, 3))) {
      one.run(whole::add);
      two.run(parts::add);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(parts.get(i).loss()).isCloseTo(whole.get(i).loss(), within(1e-4));
      assertThat(parts.get(i).gradientNorm()).isCloseTo(whole.get(i).gradientNorm(), within(1e-3));
      assertThat(parts.get(i).maskedCrossEntropy())
          .isCloseTo(whole.get(i).maskedCrossEntropy(), within(1e-4));
    }
  }
}
