package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.decoding.BatchDecoder;
import io.couplet.decoding.Completion;
import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingRow;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.policy.PolicyStore;
import io.couplet.random.RandomStream;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TinyModels;
import io.couplet.torch.TorchEngine;
import io.couplet.torch.TorchPolicy;
import io.couplet.worker.LoadedPolicy;
import io.couplet.worker.SmallPolicies;
import io.couplet.worker.TorchLoadedPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Decoding, scores and training on the first GPU against the processor. The system property {@value
 * #DEVICE_PROPERTY} names another device to hold against it.
 */
class GpuTest {
  private static final String DEVICE_PROPERTY = "couplet.test.device";
  private static final float TOLERANCE = 2e-3f; // TF32 is off by default; sums differ in order
  private static final String SOME_MATRIX = "model.layers.1.mlp.down_proj.weight";

  private static ComputeDevice device;

  @TempDir Path directory;

  @BeforeAll
  static void findDevice() {
    device = ComputeDevice.parse(System.getProperty(DEVICE_PROPERTY, "gpu0"));
    assumeTrue(
        !device.isGpu() || device.gpu() < TorchEngine.get().gpuCount(),
        () ->
            "There is no "
                + device
                + " that the loaded PyTorch libraries see; docs/devices.md tells which ones a GPU"
                + " machine needs.");
  }

  @Test
  void logitsAgreeWithTheProcessor() throws Exception {
    Path policy = SmallPolicies.write(directory.resolve("policy"), 5);
    List<int[]> rows = List.of(new int[] {5, 30, 2, 2, 41}, new int[] {7, 8, 2});
    try (TorchPolicy here = TorchPolicy.load(policy, device, Precision.FLOAT32);
        TorchPolicy there = TorchPolicy.load(policy, ComputeDevice.CPU, Precision.FLOAT32)) {
      float[] expected = there.logits(rows)[0];
      float[] found = here.logits(rows)[0];
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(TOLERANCE));
      }
    }
  }

  @Test
  void aPolicyOfAStoreDecodesAsOnTheProcessorInBothPrecisions() throws Exception {
    PolicyStore store = PolicyStore.local(directory.resolve("store"));
    var reference = store.publish(3, SmallPolicies.write(directory.resolve("policy"), 5));
    List<Completion> expected;
    try (LoadedPolicy policy =
        TorchLoadedPolicy.from(store, ComputeDevice.CPU, Precision.FLOAT32).load(reference)) {
      expected = decode(policy);
    }
    for (Precision precision : Precision.values()) {
      try (LoadedPolicy policy = TorchLoadedPolicy.from(store, device, precision).load(reference)) {
        List<Completion> found = decode(policy);
        double same =
            IntStream.range(0, found.size())
                .mapToDouble(i -> agreement(expected.get(i).ids(), found.get(i).ids()))
                .average()
                .orElseThrow();
        // Random weights leave many near ties, and one other token changes all that follow.
        assertThat(same)
            .as("share of equal tokens in %s", precision)
            .isGreaterThan(precision == Precision.FLOAT32 ? 0.9 : 0.2);
      }
    }
  }

  private static List<Completion> decode(LoadedPolicy policy) {
    DecodingSettings settings =
        new DecodingSettings(DecodingAlgorithm.ENTROPY, DecodingSchedule.DREAM, 24, 24, 0, 1, 0, 0);
    List<DenoisingRow> rows =
        IntStream.range(0, 8)
            .mapToObj(
                member ->
                    new DenoisingRow(
                        policy.encode("def f" + member),
                        settings,
                        policy.special(),
                        RandomStream.named(1, "gpu", 0, member)))
            .toList();
    return new BatchDecoder(policy.denoiser(), 8).decode(rows);
  }

  private static double agreement(int[] expected, int[] found) {
    return IntStream.range(0, expected.length).filter(k -> expected[k] == found[k]).count()
        / (double) expected.length;
  }

  @Test
  void scoresAndUpdatesAgreeWithTheProcessorAndRepeatTheirBits() throws Exception {
    Path policy = TinyBatches.policyDirectory(directory.resolve("tiny"), TinyModels.config());
    Trained expected = train(policy, ComputeDevice.CPU, "there");
    Trained found = train(policy, device, "here");
    for (int i = 0; i < expected.scores().length; i++) {
      for (int k = 0; k < expected.scores()[i][0].length; k++) {
        assertThat(found.scores()[i][0][k])
            .isCloseTo(expected.scores()[i][0][k], within(TOLERANCE));
      }
    }
    for (int i = 0; i < expected.matrix().length; i++) {
      assertThat(found.matrix()[i]).isCloseTo(expected.matrix()[i], within(TOLERANCE));
    }
    assertThat(train(policy, device, "again").weightsSha256()).isEqualTo(found.weightsSha256());
  }

  private record Trained(float[][][] scores, float[] matrix, String weightsSha256) {}

  private Trained train(Path policy, ComputeDevice on, String name) throws Exception {
    LearnerSettings settings = PolicyLearnerTest.settings(2, 0.1, 100);
    List<CompletedPrompt> sequences = TinyBatches.sequences(0, 6, 7);
    try (PolicyLearner learner = PolicyLearner.open(policy, settings, TinyBatches.RUN_SEED, on)) {
      float[][][] scores =
          learner.currentScorer().score(sequences, TinyBatches.RUN_SEED, settings.scoring());
      for (int update = 0; update < 3; update++) {
        learner.update(
            TinyBatches.samples(
                TinyBatches.sequences(update, 6, 7), learner.currentScorer(), settings));
      }
      Path written = directory.resolve(name);
      learner.writePolicy(written);
      try (Checkpoint checkpoint = Checkpoint.open(written)) {
        return new Trained(scores, checkpoint.readFloat32(SOME_MATRIX), learner.weightsSha256());
      }
    }
  }
}
