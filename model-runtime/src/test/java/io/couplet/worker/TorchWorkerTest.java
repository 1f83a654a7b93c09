package io.couplet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.TokenScorer;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TorchPolicy;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private PolicyReference reference;
  private DiffusionWorker worker;
  private WorkerClient client;

  @BeforeEach
  void start() throws IOException {
    PolicyStore store = PolicyStore.local(directory.resolve("store"));
    reference = store.publish(3, SmallPolicies.write(directory.resolve("policy"), 5));
    worker =
        DiffusionWorker.start(
            DiffusionWorker.Options.of("w1", "cpu", "djl-pytorch"),
            TorchLoadedPolicy.from(store, ComputeDevice.CPU, Precision.FLOAT32));
    client = WorkerClient.plain(worker.address());
  }

  @AfterEach
  void stop() {
    client.close();
    worker.close();
  }

  @Test
  void samplesAreScoredInFloat32UnderTheMasksOfTheirNames() throws IOException {
    GenerateRequest request = request(reference);
    Generated answer = (Generated) client.generate(request, PATIENCE).join();
    Sample sample = answer.response().getSamples(1);
    try (TorchPolicy policy =
        TorchPolicy.load(directory.resolve("policy"), ComputeDevice.CPU, Precision.FLOAT32)) {
      CompletedPrompt completed =
          new CompletedPrompt(
              "g", 1, ints(sample.getPromptIdsList()), ints(sample.getCompletionIdsList()));
      float[][] expected =
          TokenScorer.of(policy)
              .score(List.of(completed), request.getSeed(), Protocol.scoring(request.getScoring()))[
              0];
      for (int inner = 0; inner < 2; inner++) {
        for (int k = 0; k < 32; k++) {
          assertThat(sample.getBehaviourScores(inner).getValues(k))
              .isCloseTo(expected[inner][k], within(1e-4f));
        }
      }
    }
  }

  @Test
  void theTextIsTheCompletionUpToTheStopTokenWithoutSpecials() {
    Generated answer = (Generated) client.generate(request(reference), PATIENCE).join();
    for (Sample sample : answer.response().getSamplesList()) {
      long committed = sample.getStepMapList().stream().filter(step -> step >= 0).count();
      boolean stopped = sample.getStopReason().equals("STOP_TOKEN");
      assertThat(sample.getText().length()).isLessThanOrEqualTo((int) committed);
      assertThat(sample.getText()).doesNotContain("<|");
      assertThat(sample.getCompletionIdsList().contains(1)).isEqualTo(stopped);
      assertThat(sample.getCompletionIdsList()).doesNotContain(2);
    }
  }

  @Test
  void anAlteredPolicyIsRefusedWithAReason() throws IOException {
    Path weights = Path.of(java.net.URI.create(reference.uri())).resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 5] ^= 1;
    Files.write(weights, bytes);
    Failed failure = (Failed) client.generate(request(reference), PATIENCE).join();
    assertThat(failure.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE);
    assertThat(failure.message()).contains("does not have the content address");
  }

  @Test
  void anAbsentPolicyIsRefusedWithAReason() {
    PolicyReference absent =
        new PolicyReference(4, reference.uri() + "x", reference.sha256().replace('a', 'b'));
    Failed failure = (Failed) client.generate(request(absent), PATIENCE).join();
    assertThat(failure.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE);
    assertThat(failure.message()).contains("Policy version 4 is absent");
  }

  private static GenerateRequest request(PolicyReference policy) {
    return Requests.group("g", 4, 32).toBuilder().setPolicy(Protocol.message(policy)).build();
  }

  private static int[] ints(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
