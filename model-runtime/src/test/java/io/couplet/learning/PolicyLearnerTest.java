package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import io.couplet.learning.UpdateReport.Outcome;
import io.couplet.safetensors.SafetensorsFile;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TinyModels;
import io.couplet.torch.TorchPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    return settings(innerIterations, klWeight, microBatch, 2);
  }

  private static LearnerSettings settings(
      int innerIterations, double klWeight, int microBatch, int lanes) {
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
        microBatch,
        lanes);
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
    float[] whole = weightsAfterUpdate(100, 1);
    assertThat(whole).isNotEqualTo(before);
    assertThat(weightsAfterUpdate(2, 1)).containsExactly(whole, within(2e-5f));
  }

  @Test
  void anyNumberOfLanesGivesTheUpdateOfOne() throws Exception {
    float[] one = weightsAfterUpdate(100, 1);
    assertThat(weightsAfterUpdate(100, 2)).containsExactly(one, within(2e-5f));
    assertThat(weightsAfterUpdate(1, 3)).containsExactly(one, within(2e-5f));
    assertThat(weightsAfterUpdate(100, 9)).containsExactly(one, within(2e-5f));
  }

  private float[] weightsAfterUpdate(int microBatch, int lanes) throws Exception {
    LearnerSettings settings = settings(2, 0.1, microBatch, lanes);
    try (PolicyLearner learner = learner(settings)) {
      List<CompletedPrompt> sequences = TinyBatches.sequences(0, 5, 7);
      learner.update(TinyBatches.samples(sequences, learner.currentScorer(), settings));
      Path written = directory.resolve("after-" + microBatch + "-" + lanes);
      learner.writePolicy(written);
      try (Checkpoint checkpoint = Checkpoint.open(written)) {
        return checkpoint.readFloat32(SOME_MATRIX);
      }
    }
  }

  @Test
  void aNonFiniteGradientLeavesEveryPartOfTheStateUntouched() throws Exception {
    for (int bad = 0; bad < 2; bad++) {
      LearnerSettings settings = settings(2, 0.1, bad == 0 ? 100 : 2);
      try (PolicyLearner learner = learner(settings)) {
        List<TrainingSample> samples = samples(0, learner);
        learner.update(samples);
        byte[] before = state(learner, "before-" + bad);
        List<TrainingSample> poisoned = samples(1, learner);
        poisoned.get(3).behaviourScores()[bad][0] = Float.NaN;
        UpdateReport report = learner.update(poisoned);
        assertThat(report.outcome()).isEqualTo(Outcome.SKIPPED_NON_FINITE);
        assertThat(report.reason()).contains("inner iteration " + (bad + 1)).contains("NaN");
        assertThat(report.step()).isEqualTo(1);
        assertThat(state(learner, "after-" + bad)).isEqualTo(before);
        assertThat(learner.update(samples(1, learner)).outcome()).isEqualTo(Outcome.UPDATED);
      }
    }
  }

  private static List<TrainingSample> samples(int update, PolicyLearner learner) {
    return TinyBatches.samples(
        TinyBatches.sequences(update, 5, 7), learner.currentScorer(), learner.settings());
  }

  private byte[] state(PolicyLearner learner, String name) throws Exception {
    Path file = directory.resolve(name + ".safetensors");
    learner.exportState(file);
    return Files.readAllBytes(file);
  }

  @Test
  void anImportedStateGoesOnBitForBit() throws Exception {
    LearnerSettings settings = settings(2, 0.1, 2);
    byte[] expected;
    try (PolicyLearner learner = learner(settings)) {
      learner.update(samples(0, learner));
      state(learner, "middle");
      learner.update(samples(1, learner));
      learner.update(samples(2, learner));
      expected = state(learner, "uninterrupted");
    }
    try (PolicyLearner learner = learner(settings)) {
      learner.importState(directory.resolve("middle.safetensors"));
      assertThat(learner.step()).isEqualTo(1);
      learner.update(samples(1, learner));
      learner.update(samples(2, learner));
      assertThat(state(learner, "resumed")).isEqualTo(expected);
    }
  }

  @Test
  void aStateOfOtherSettingsOrAnotherSeedIsRefusedUnlessItIsAdopted() throws Exception {
    LearnerSettings settings = settings(1, 0.1, 100);
    Path state = directory.resolve("other.safetensors");
    String weights;
    try (PolicyLearner learner = learner(settings)) {
      learner.update(samples(0, learner));
      learner.exportState(state);
      weights = learner.weightsSha256();
    }
    try (PolicyLearner learner = learner(settings(1, 0.2, 100))) {
      String untouched = learner.weightsSha256();
      assertThatThrownBy(() -> learner.importState(state)).hasMessageContaining("settings_sha256");
      assertThat(learner.weightsSha256()).isEqualTo(untouched);
      learner.adoptState(state);
      assertThat(learner.weightsSha256()).isEqualTo(weights);
      assertThat(learner.step()).isEqualTo(1);
    }
    try (PolicyLearner learner =
        PolicyLearner.open(policy, settings, TinyBatches.RUN_SEED + 1, ComputeDevice.CPU)) {
      assertThatThrownBy(() -> learner.importState(state)).hasMessageContaining("run_seed");
    }
  }

  @Test
  void theReferenceIsMixedOnlyWhenItIsDue() throws Exception {
    LearnerSettings settings = settings(1, 0.1, 100); // every 2 updates, share 0.6
    String tensor = "reference.model.norm.weight";
    try (PolicyLearner learner = learner(settings)) {
      float[] first = tensor(learner, "s0", tensor);
      learner.update(samples(0, learner));
      assertThat(tensor(learner, "s1", tensor)).isEqualTo(first);
      learner.update(samples(1, learner));
      float[] mixed = tensor(learner, "s2", tensor);
      float[] current = tensor(learner, "s3", "weights.model.norm.weight");
      for (int i = 0; i < mixed.length; i++) {
        assertThat(mixed[i]).isCloseTo(0.4f * first[i] + 0.6f * current[i], within(1e-6f));
      }
    }
  }

  private float[] tensor(PolicyLearner learner, String name, String tensor) throws Exception {
    Path file = directory.resolve(name + ".safetensors");
    learner.exportState(file);
    try (SafetensorsFile state = SafetensorsFile.open(file)) {
      return state.readFloat32(tensor);
    }
  }

  @Test
  void writtenPoliciesLoadWithTheSameHash() throws Exception {
    LearnerSettings settings = settings(1, 0, 100);
    Path written = directory.resolve("written");
    try (PolicyLearner learner = learner(settings)) {
      learner.update(samples(0, learner));
      learner.writePolicy(written);
      try (TorchPolicy loaded = TorchPolicy.load(written, ComputeDevice.CPU, Precision.FLOAT32)) {
        assertThat(loaded.float32Weights().sha256()).isEqualTo(learner.weightsSha256());
      }
    }
  }

  @Test
  void learnersAndPoliciesOfOneProcessDoNotTouchEachOther() throws Exception {
    LearnerSettings settings = settings(2, 0.1, 2);
    String alone = afterThreeUpdates(settings);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (TorchPolicy rollouts = TorchPolicy.load(policy, ComputeDevice.CPU, Precision.FLOAT32)) {
      float[] logits = rollouts.logits(List.of(new int[] {3, 4, 5}))[0];
      Future<String> one = threads.submit(() -> afterThreeUpdates(settings));
      Future<String> two = threads.submit(() -> afterThreeUpdates(settings));
      Future<Boolean> same =
          threads.submit(
              () -> {
                boolean equal = true;
                while (!one.isDone() || !two.isDone()) {
                  equal &= Arrays.equals(logits, rollouts.logits(List.of(new int[] {3, 4, 5}))[0]);
                }
                return equal;
              });
      assertThat(one.get()).isEqualTo(alone);
      assertThat(two.get()).isEqualTo(alone);
      assertThat(same.get()).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }

  private String afterThreeUpdates(LearnerSettings settings) throws Exception {
    try (PolicyLearner learner = learner(settings)) {
      for (int update = 0; update < 3; update++) {
        learner.update(samples(update, learner));
      }
      return learner.weightsSha256();
    }
  }

  @Test
  void behaviourScoresOfTheWrongShapeAreRefused() throws Exception {
    try (PolicyLearner learner = learner(settings(2, 0, 100))) {
      TrainingSample good = samples(0, learner).get(0);
      TrainingSample bad =
          new TrainingSample("g", 0, good.promptIds(), good.completionIds(), new float[1][7], 1);
      assertThatThrownBy(() -> learner.update(List.of(bad)))
          .hasMessageContaining("1 inner iterations, the learner makes 2");
      assertThatThrownBy(() -> learner.update(List.of())).hasMessageContaining("at least one");
      TrainingSample noPrompt =
          new TrainingSample("g", 0, new int[0], good.completionIds(), good.behaviourScores(), 1);
      assertThatThrownBy(() -> learner.update(List.of(noPrompt)))
          .hasMessageContaining("empty prompt");
    }
  }
}
