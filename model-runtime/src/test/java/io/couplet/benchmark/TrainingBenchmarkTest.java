package io.couplet.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.Estimator;
import io.couplet.grpo.Normalization;
import io.couplet.grpo.ScoringSettings;
import io.couplet.learning.AdamWSettings;
import io.couplet.learning.TrainableWeights;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingBenchmarkTest {
  private static final ScoringSettings SCORING =
      new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 1, 0.2f, 0.8f);

  @TempDir Path directory;

  @Test
  void theStepInSeparateCallsIsTheStepInOneCall() throws Exception {
    DreamModule module = new DreamModule(TinyModels.config(), ComputeDevice.CPU);
    try (TrainableWeights weights =
        new TrainableWeights(module, TinyModels.weights(module, 5), AdamWSettings.paper())) {
      weights.writePolicy(directory, null);
    }
    List<CompletedPrompt> samples =
        List.of(
            new CompletedPrompt("a", 0, new int[] {3, 4}, new int[] {5, 6, 7, 1}),
            new CompletedPrompt("a", 1, new int[] {3, 4}, new int[] {8, 6, 1, 0}),
            new CompletedPrompt("b", 0, new int[] {9}, new int[] {10, 11, 12, 1}));
    try (TrainingBenchmark benchmark =
        TrainingBenchmark.of(directory, SCORING, samples, ComputeDevice.CPU)) {
      TrainingBenchmark.Result result = benchmark.run(3);

      assertThat(result.identicalWeights()).isTrue();
      assertThat(result.samples()).isEqualTo(3);
      assertThat(result.tokens()).isEqualTo(12);
      assertThat(result.peakShare()).isPositive();
    }
  }
}
