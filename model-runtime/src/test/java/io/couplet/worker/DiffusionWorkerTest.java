package io.couplet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.worker.FakePolicies.Forward;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.v1.DescribeResponse;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.PolicyReference;
import io.couplet.worker.v1.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiffusionWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String FIRST = "a".repeat(64);
  private static final String SECOND = "b".repeat(64);
  private static final String THIRD = "c".repeat(64);

  private final FakePolicies policies = new FakePolicies();
  private DiffusionWorker worker;
  private WorkerClient client;

  @BeforeEach
  void start() throws IOException {
    start(12, 3);
  }

  private void start(int maxRows, int queue) throws IOException {
    stop();
    worker =
        DiffusionWorker.start(
            DiffusionWorker.Options.of("w1", "cpu", "fake").withLimits(maxRows, queue), policies);
    client = WorkerClient.plain(worker.address());
  }

  @AfterEach
  void stop() {
    policies.forwards.release(1000);
    if (worker != null) {
      client.close();
      worker.close();
    }
  }

  @Test
  void answersAWholeGroupWithScoresAndTimings() {
    Generated answer = generated(group("g"));
    assertThat(answer.response().getWorker()).isEqualTo("w1");
    assertThat(answer.response().getPolicy().getSha256()).isEqualTo(FIRST);
    assertThat(answer.response().getTimings().getDenoisingSteps()).isBetween(1, 24);
    Sample sample = answer.response().getSamples(2);
    assertThat(sample.getSeed()).isEqualTo("7/rollout/g/2");
    assertThat(sample.getBehaviourScoresList()).hasSize(2);
    assertThat(sample.getPromptIdsCount()).isEqualTo("def f(x):\n".length());
    assertThat(sample.getText()).isNotEmpty();
  }

  @Test
  void samplesAreTheSameWhateverElseIsRunning() {
    List<Sample> alone = generated(group("g3")).response().getSamplesList();
    policies.forwards.drainPermits();
    List<CompletableFuture<GenerateOutcome>> together =
        List.of("g1", "g2", "g3").stream()
            .map(name -> client.generate(group(name), PATIENCE))
            .toList();
    policies.forwards.release(1000);
    assertThat(((Generated) together.get(2).join()).response().getSamplesList()).isEqualTo(alone);
  }

  @Test
  void groupsJoinBetweenStepsAndShareForwardPasses() {
    policies.forwards.drainPermits();
    CompletableFuture<GenerateOutcome> first = client.generate(group("g1"), PATIENCE);
    policies.forwards.release(5);
    await(() -> policies.log.size() == 5);
    CompletableFuture<GenerateOutcome> second = client.generate(group("g2"), PATIENCE);
    await(() -> describe().getQueued() == 1 || describe().getRowsInFlight() > 4);
    policies.forwards.release(1000);
    assertThat(first.join()).isInstanceOf(Generated.class);
    assertThat(second.join()).isInstanceOf(Generated.class);
    assertThat(policies.log.subList(0, 5)).allMatch(forward -> forward.rows() <= 4);
    assertThat(policies.log).anyMatch(forward -> forward.rows() > 4);
  }

  @Test
  void rowsOfDifferentPoliciesNeverShareAForwardPass() {
    policies.forwards.drainPermits();
    var one = client.generate(group("g1", "xx", FIRST), PATIENCE);
    var two = client.generate(group("g2", "yy", SECOND), PATIENCE);
    await(() -> policies.loaded.size() == 2);
    policies.forwards.release(1000);
    assertThat(one.join()).isInstanceOf(Generated.class);
    assertThat(two.join()).isInstanceOf(Generated.class);
    assertThat(policies.log).extracting(Forward::sha256).contains(FIRST, SECOND);
    assertThat(policies.log).allMatch(forward -> forward.prompts() == 1);
  }

  @Test
  void theOldestGroupIsFinishedBeforeAnotherPolicyHasItsTurn() {
    policies.forwards.drainPermits();
    var oldest = client.generate(group("g1", "xx", FIRST), PATIENCE);
    await(() -> describe().getRowsInFlight() == 4);
    var newer = client.generate(group("g2", "yy", SECOND), PATIENCE);
    await(() -> policies.loaded.size() == 2);
    await(
        () -> {
          policies.forwards.release(1);
          return describe().getRowsInFlight() > 4;
        });
    policies.forwards.release(1000);
    assertThat(oldest.join()).isInstanceOf(Generated.class);
    assertThat(newer.join()).isInstanceOf(Generated.class);
    List<String> order = policies.log.stream().map(Forward::sha256).toList();
    assertThat(order.lastIndexOf(FIRST)).isLessThan(order.indexOf(SECOND));
  }

  @Test
  void membersThatAreFinishedLeaveTheirRoomToTheNextGroup() throws IOException {
    start(7, 3);
    policies.forwards.drainPermits();
    var first = client.generate(group("g1", "xx", FIRST), PATIENCE);
    await(() -> describe().getRowsInFlight() == 4);
    var second = client.generate(group("g2", "yy", FIRST), PATIENCE);
    await(() -> describe().getQueued() == 1);
    await(
        () -> {
          policies.forwards.release(1);
          return describe().getQueued() == 0;
        });
    policies.forwards.release(1000);
    assertThat(first.join()).isInstanceOf(Generated.class);
    assertThat(second.join()).isInstanceOf(Generated.class);
    assertThat(policies.log).anyMatch(forward -> forward.prompts() == 2);
    assertThat(policies.log).allMatch(forward -> forward.rows() <= 7);
  }

  @Test
  void theCurrentAndThePreviousPolicyAreKeptAndOlderOnesClosed() {
    generated(group("g1", "x", FIRST));
    generated(group("g2", "x", SECOND));
    generated(group("g3", "x", FIRST));
    assertThat(policies.loaded).containsExactly(FIRST, SECOND);
    assertThat(policies.closed).isEmpty();
    generated(group("g4", "x", THIRD));
    await(() -> policies.closed.equals(List.of(SECOND)));
    assertThat(describe().getLoadedList())
        .extracting(PolicyReference::getSha256)
        .containsExactly(THIRD, FIRST);
  }

  @Test
  void aPolicyInUseIsNotClosed() {
    policies.forwards.drainPermits();
    var slow = client.generate(group("g1", "x", FIRST), PATIENCE);
    await(() -> describe().getRowsInFlight() > 0);
    var others =
        List.of(SECOND, THIRD).stream()
            .map(sha -> client.generate(group("g" + sha, "x", sha), PATIENCE))
            .toList();
    await(() -> policies.loaded.size() == 3);
    assertThat(policies.closed).isEmpty();
    policies.forwards.release(1000);
    assertThat(slow.join()).isInstanceOf(Generated.class);
    assertThat(others).allMatch(other -> other.join() instanceof Generated);
    await(() -> policies.closed.equals(List.of(FIRST)));
  }

  @Test
  void aPolicyThatDoesNotVerifyIsRefusedAndTriedAgainNextTime() {
    String wrong = "0".repeat(64);
    Failed failure = failed(group("g", "x", wrong));
    assertThat(failure.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE);
    assertThat(failure.message()).contains("has another hash");
    failed(group("g", "x", wrong));
    assertThat(policies.loaded).containsExactly(wrong, wrong);
    assertThat(failed(group("g", "x", "")).message()).contains("only against its sha256");
    assertThat(describe().getQueued()).isZero();
  }

  @Test
  void aFullQueueSendsTheCallerElsewhere() {
    policies.forwards.drainPermits();
    List<CompletableFuture<GenerateOutcome>> accepted = new ArrayList<>();
    accepted.add(client.generate(group("g0"), PATIENCE));
    await(() -> describe().getRowsInFlight() == 4);
    for (int waiting = 1; waiting <= 3; waiting++) {
      int expected = waiting;
      accepted.add(client.generate(group("g" + waiting), PATIENCE));
      await(() -> describe().getQueued() == expected);
    }
    Failed refused = failed(group("late"));
    assertThat(refused.reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(refused.message()).contains("3 groups waiting");
    policies.forwards.release(10_000);
    assertThat(accepted).allMatch(call -> call.join() instanceof Generated);
  }

  @Test
  void cancelledAndLateGroupsFreeTheirRows() {
    policies.forwards.drainPermits();
    GenerateRequest.Builder longGroup = group("g1").toBuilder();
    longGroup.getDecodingBuilder().setLength(180);
    var cancelled = client.generate(longGroup.build(), PATIENCE);
    await(() -> describe().getRowsInFlight() == 4);
    var late = client.generate(group("g2"), Duration.ofMillis(500));
    assertThat(((Failed) late.join()).reason()).isEqualTo(Reason.DEADLINE);
    cancelled.cancel(true);
    await(
        () -> {
          policies.forwards.release(1); // far fewer steps than the cancelled group would need
          return describe().getRowsInFlight() == 0 && describe().getQueued() == 0;
        });
    policies.forwards.release(1000);
    generated(group("g3"));
    assertThat(describe().getSamples()).isEqualTo(4);
  }

  @Test
  void requestsThatCanNeverSucceedSaySo() {
    assertInvalid(g -> g.setGroupSize(0), "group_size must be at least 1");
    assertInvalid(g -> g.setGroupSize(Integer.MAX_VALUE), "group_size must be at least 1 and at");
    assertInvalid(
        g -> g.getDecodingBuilder().setLength(Integer.MAX_VALUE).setSteps(4), "do not fit into");
    assertInvalid(
        g -> g.getDecodingBuilder().setSteps(Integer.MAX_VALUE), "decoding.steps must be at least");
    assertInvalid(
        g -> g.getScoringBuilder().setInnerIterations(Integer.MAX_VALUE),
        "scoring.inner_iterations must be at least 1 and at most");
    assertInvalid(g -> g.setGroup(""), "group must not be empty");
    assertInvalid(g -> g.getDecodingBuilder().setLength(0), "length must be at least 1");
    assertInvalid(g -> g.getDecodingBuilder().setAlgorithm("best"), "algorithm 'best'");
    assertInvalid(g -> g.getDecodingBuilder().setTopP(1.5f), "top_p must be in (0, 1]");
    assertInvalid(g -> g.getScoringBuilder().setMaskRatioLow(0.9f), "mask ratio");
    assertInvalid(g -> g.setPrompt(""), "prompt is empty");
    assertInvalid(g -> g.setPrompt("x".repeat(190)), "Prompt of 190 tokens and completion of 24");
    assertThat(describe().getQueued()).isZero();
  }

  private void assertInvalid(Consumer<GenerateRequest.Builder> spoil, String message) {
    GenerateRequest.Builder request = group("g").toBuilder();
    spoil.accept(request);
    Failed failure = failed(request.build());
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(failure.message()).contains(message);
  }

  @Test
  void aFailedForwardPassFailsItsGroupsAndNotTheWorker() {
    policies.failing = true;
    Failed failure = failed(group("g"));
    assertThat(failure.reason()).isEqualTo(Reason.WORKER_ERROR);
    assertThat(failure.message()).contains("activations hold NaN");
    policies.failing = false;
    generated(group("g"));
  }

  @Test
  void drainingFinishesWhatWasAcceptedAndRefusesTheRest() throws InterruptedException {
    policies.forwards.drainPermits();
    var accepted = client.generate(group("g1"), PATIENCE);
    await(() -> describe().getRowsInFlight() == 4);
    Thread drain =
        new Thread(
            () -> {
              try {
                worker.drain(PATIENCE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    drain.start();
    await(() -> !client.serving(PATIENCE).join());
    assertThat(failed(group("g2")).reason()).isEqualTo(Reason.UNAVAILABLE);
    policies.forwards.release(1000);
    assertThat(accepted.join()).isInstanceOf(Generated.class);
    drain.join(PATIENCE.toMillis());
    assertThat(drain.isAlive()).isFalse();
    assertThat(policies.closed).containsExactly(FIRST);
  }

  @Test
  void closingTellsCallersToGoElsewhere() {
    policies.forwards.drainPermits();
    var call = client.generate(group("g1"), PATIENCE);
    await(() -> describe().getRowsInFlight() == 4);
    Thread closing = new Thread(worker::close);
    closing.start();
    await(() -> closing.getState() == Thread.State.WAITING);
    policies.forwards.release(1);
    assertThat(((Failed) call.join()).reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  private DescribeResponse describe() {
    return client.describe(PATIENCE).join();
  }

  private Generated generated(GenerateRequest request) {
    GenerateOutcome outcome = client.generate(request, PATIENCE).join();
    assertThat(outcome).isInstanceOf(Generated.class);
    return (Generated) outcome;
  }

  private Failed failed(GenerateRequest request) {
    GenerateOutcome outcome = client.generate(request, PATIENCE).join();
    assertThat(outcome).isInstanceOf(Failed.class);
    return (Failed) outcome;
  }

  private static GenerateRequest group(String name) {
    return group(name, "def f(x):\n", FIRST);
  }

  private static GenerateRequest group(String name, String prompt, String sha256) {
    GenerateRequest.Builder request = Requests.group(name, 4, 24).toBuilder().setPrompt(prompt);
    request.getPolicyBuilder().setSha256(sha256);
    return request.build();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited long enough").isLessThan(until);
      Thread.onSpinWait();
    }
  }
}
