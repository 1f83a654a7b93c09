package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import io.couplet.learning.UpdateReport.Outcome;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLearnerTest {
  private static final String SOME_MATRIX = "model.layers.1.mlp.up_proj.weight";

  @TempDir Path directory;
  private Path policy;

  @BeforeEach
  void writePolicy() throws Exception {
    policy = TinyBatches.policyDirectory(directory.resolve("policy"), TinyModels.config());
  }

  static LearnerSettings settings(int innerIterations, double klWeight, int microBatch) {
    return new LearnerSettings(
        new ScoringSettings(
            Estimator.COUPLED, Normalization.RELEASED, 1, innerIterations, 0.2f, 0.8f),
        0.2,
        0.3,
        klWeight,
        LossAggregation.TOKEN_MEAN,
        true,
        List.of(1),
        2,
        0.6,
        LearningRate.constant(1e-3, 0),
        AdamWSettings.paper(),
        microBatch);
  }

  private PolicyLearner learner(LearnerSettings settings) throws Exception {
    return PolicyLearner.open(policy, settings, TinyBatches.RUN_SEED, ComputeDevice.CPU);
  }

  @Test
  void firstRatioIsOneForEveryToken() throws Exception {
    LearnerSettings settings = settings(1, 0.1, 100);
    try (PolicyLearner learner = learner(settings)) {
      List<CompletedPrompt> sequences = TinyBatches.sequences(0, 6, 7);
      UpdateReport report =
          learner.update(TinyBatches.samples(sequences, learner.currentScorer(), settings));
      assertThat(report.outcome()).isEqualTo(Outcome.UPDATED);
      assertThat(report.ratioMax()).isCloseTo(1, within(1e-5));
      assertThat(report.klMax()).isCloseTo(0, within(1e-5));
      assertThat(report.gradientNorm()).isPositive();
      assertThat(report.step()).isEqualTo(1);
    }
  }

  @Test
  void microBatchesGiveTheUpdateOfTheWholeBatch() throws Exception {
    float[] before;
    try (Checkpoint checkpoint = Checkpoint.open(policy)) {
      before = checkpoint.readFloat32(SOME_MATRIX);
    }
    float[] whole = weightsAfterUpdate(100);
    float[] parts = weightsAfterUpdate(2);
    assertThat(whole).isNotEqualTo(before);
    for (int i = 0; i < whole.length; i++) {
      assertThat(parts[i]).isCloseTo(whole[i], within(2e-5f));
    }
  }

  private float[] weightsAfterUpdate(int microBatch) throws Exception {
    LearnerSettings settings = settings(2, 0.1, microBatch);
    try (PolicyLearner learner = learner(settings)) {
      List<CompletedPrompt> sequences = TinyBatches.sequences(0, 5, 7);
      learner.update(TinyBatches.samples(sequences, learner.currentScorer(), settings));
      Path written = directory.resolve("after-" + microBatch);
      learner.writePolicy(written);
      try (Checkpoint checkpoint = Checkpoint.open(written)) {
        return checkpoint.readFloat32(SOME_MATRIX);
      }
    }
  }
}
