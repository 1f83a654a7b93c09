package io.couplet.worker.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.Requests;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptedWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Script SCRIPT =
      Script.of(
          List.of(
              new Script.Entry(
                  "double", List.of("  return 2 * x"), List.of("  return x", "  pass"), 0.5)));

  @Test
  void answersTheWholeGroupInMemberOrderWithTheShapesOfTheProtocol() throws IOException {
    try (ScriptedWorker worker = ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT));
        WorkerClient client = WorkerClient.plain(worker.address())) {
      Generated answer = generated(client, Requests.group("g", 4, 24));
      assertThat(answer.response().getSamplesList())
          .extracting(Sample::getMember)
          .containsExactly(0, 1, 2, 3);
      Sample sample = answer.response().getSamples(0);
      int stop = sample.getCompletionIdsList().indexOf(256);
      assertThat(sample.getText()).hasSize(stop);
      assertThat(sample.getStepMapList().subList(0, stop + 1)).allMatch(step -> step >= 0);
      assertThat(sample.getStepMapList().subList(stop + 1, 24)).containsOnly(-1);
      assertThat(sample.getBehaviourScoresList()).hasSize(2);
      assertThat(sample.getBehaviourScores(0).getValuesList()).allMatch(score -> score <= 0);
      assertThat(client.describe(PATIENCE).join().getEngine()).isEqualTo("scripted");
      assertThat(client.serving(PATIENCE).join()).isTrue();
    }
  }

  @Test
  void twoWorkersGiveTheSameSamplesForTheSameSeedGroupAndMember() throws IOException {
    try (ScriptedWorker one = ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT));
        ScriptedWorker two = ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT));
        WorkerClient first = WorkerClient.plain(one.address());
        WorkerClient second = WorkerClient.plain(two.address())) {
      GenerateRequest request = Requests.group("g", 8, 24);
      List<Sample> samples = generated(first, request).response().getSamplesList();
      assertThat(generated(second, request).response().getSamplesList()).isEqualTo(samples);
      assertThat(
              generated(second, request.toBuilder().setGroup("h").build())
                  .response()
                  .getSamplesList())
          .isNotEqualTo(samples);
    }
  }

  @Test
  void solutionsAppearAtTheSolveRate() throws IOException {
    try (ScriptedWorker worker = ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT));
        WorkerClient client = WorkerClient.plain(worker.address())) {
      long solved =
          generated(client, Requests.group("g", 1000, 24)).response().getSamplesList().stream()
              .filter(sample -> sample.getText().equals("  return 2 * x"))
              .count();
      assertThat(solved).isBetween(430L, 570L);
    }
  }

  @Test
  void aCompletionLongerThanTheCanvasIsCutAndSaysSo() throws IOException {
    try (ScriptedWorker worker = ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT));
        WorkerClient client = WorkerClient.plain(worker.address())) {
      assertThat(generated(client, Requests.group("g", 4, 6)).response().getSamplesList())
          .allMatch(sample -> sample.getStopReason().equals("LENGTH"))
          .allMatch(sample -> sample.getText().length() == 6);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUE_FULL, OVERLOADED",
    "INTERNAL_ERROR, WORKER_ERROR",
    "WRONG_VERSION, WRONG_POLICY",
    "WRONG_HASH, WRONG_POLICY",
    "OTHER_GROUP, GARBAGE",
    "MISSING_MEMBER, GARBAGE",
    "NEGATIVE_TOKEN, GARBAGE",
    "SHORT_COMPLETION, GARBAGE",
    "NOT_A_NUMBER, GARBAGE",
    "DIE, UNAVAILABLE"
  })
  void everyFaultArrivesTyped(ScriptedFault fault, Reason reason) throws IOException {
    ScriptedWorker.Options options =
        ScriptedWorker.Options.of(SCRIPT).withFaults((request, attempt) -> fault);
    try (ScriptedWorker worker = ScriptedWorker.start(options);
        WorkerClient client = WorkerClient.plain(worker.address())) {
      assertThat(failed(client, Requests.group("g", 2, 24), PATIENCE).reason()).isEqualTo(reason);
    }
  }

  @Test
  void aHangEndsAtTheDeadlineAndTheNextAttemptSucceeds() throws IOException {
    ScriptedWorker.Options options =
        ScriptedWorker.Options.of(SCRIPT)
            .withFaults(
                (request, attempt) -> attempt == 1 ? ScriptedFault.HANG : ScriptedFault.NONE);
    try (ScriptedWorker worker = ScriptedWorker.start(options);
        WorkerClient client = WorkerClient.plain(worker.address())) {
      GenerateRequest request = Requests.group("g", 2, 24);
      assertThat(client.serving(PATIENCE).join()).isTrue();
      assertThat(failed(client, request, Duration.ofSeconds(2)).reason())
          .isEqualTo(Reason.DEADLINE);
      generated(client, request);
      assertThat(worker.attemptsOf("g")).isEqualTo(2);
    }
  }

  @Test
  void anUnknownProblemCanNeverSucceed() throws IOException {
    try (ScriptedWorker worker = ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT));
        WorkerClient client = WorkerClient.plain(worker.address())) {
      Failed failure =
          failed(
              client, Requests.group("g", 2, 24).toBuilder().setProblemId("?").build(), PATIENCE);
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(failure.reason().retryable()).isFalse();
      assertThat(failure.message()).contains("no answers for problem '?'");
    }
  }

  @Test
  void groupsAreServedSideBySideAfterTheirLatency() throws IOException {
    ScriptedWorker.Options options =
        ScriptedWorker.Options.of(SCRIPT).withLatencyPerSample(Duration.ofMillis(100));
    try (ScriptedWorker worker = ScriptedWorker.start(options);
        WorkerClient client = WorkerClient.plain(worker.address())) {
      long start = System.nanoTime();
      List<CompletableFuture<GenerateOutcome>> calls =
          List.of("a", "b", "c", "d", "e", "f").stream()
              .map(group -> client.generate(Requests.group(group, 4, 24), PATIENCE))
              .toList();
      assertThat(calls).allMatch(call -> call.join() instanceof Generated);
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertThat(taken).isGreaterThanOrEqualTo(Duration.ofMillis(400));
      assertThat(taken).isLessThan(Duration.ofMillis(6 * 400));
    }
  }

  private static Generated generated(WorkerClient client, GenerateRequest request) {
    return (Generated) client.generate(request, PATIENCE).join();
  }

  private static Failed failed(WorkerClient client, GenerateRequest request, Duration deadline) {
    return (Failed) client.generate(request, deadline).join();
  }
}
