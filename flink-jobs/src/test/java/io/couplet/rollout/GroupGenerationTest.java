package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import io.couplet.policy.PolicyReference;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.Protocol;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.scripted.Script;
import io.couplet.worker.scripted.ScriptedFault;
import io.couplet.worker.scripted.ScriptedWorker;
import io.couplet.worker.v1.GenerateRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generation against workers that misbehave, over real connections. */
@Timeout(120)
class GroupGenerationTest {
  private static final Script SCRIPT =
      Script.of(List.of(new Script.Entry("p", List.of("right"), List.of("wrong"), 0.5)));

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final RolloutMeter meter = new RolloutMeter();

  @AfterEach
  void closeEverything() throws Exception {
    clock.shutdownNow();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private ScriptedWorker worker(ScriptedFault.Plan faults) throws IOException {
    ScriptedWorker worker =
        ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT).withFaults(faults));
    open.add(worker);
    return worker;
  }

  private GroupGeneration generation(Duration deadline, WorkerAddress... addresses) {
    List<WorkerClient> clients =
        IntStream.range(0, addresses.length)
            .mapToObj(i -> WorkerClient.plain(addresses[i]))
            .toList();
    WorkerFleet fleet = new WorkerFleet(clients, 3, Duration.ofMillis(100), System::nanoTime);
    open.add(fleet);
    return new GroupGeneration(
        fleet, clock, new GroupGeneration.Patience(deadline, 3, Duration.ofMillis(300)), meter);
  }

  private static GenerateRequest request(String group) {
    return GenerateRequest.newBuilder()
        .setRun("run")
        .setSeed(5)
        .setGroup(group)
        .setGroupSize(4)
        .setPolicy(Protocol.message(new PolicyReference(3, "file:///p", "ab".repeat(32))))
        .setPrompt("prompt")
        .setDecoding(
            Protocol.message(
                new DecodingSettings(
                    DecodingAlgorithm.ENTROPY, DecodingSchedule.DREAM, 8, 8, 1f, 1f, 0, 0f)))
        .setPurpose(Protocol.ROLLOUT)
        .setProblemId("p")
        .build();
  }

  private static GroupGeneration.Result await(CompletableFuture<GroupGeneration.Result> future)
      throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptedFault.class,
      names = {"NONE", "UNKNOWN_TOKEN"},
      mode = EnumSource.Mode.EXCLUDE)
  void whateverOneWorkerDoesAnotherAnswersWithTheSameSamples(ScriptedFault fault) throws Exception {
    GenerateRequest request = request("p@0");
    var expected =
        ((Generated)
                await(
                        generation(
                                Duration.ofSeconds(30), worker(ScriptedFault.Plan.NONE).address())
                            .generate(request))
                    .outcome())
            .response()
            .getSamplesList();
    ScriptedWorker bad = worker((asked, attempt) -> fault);
    ScriptedWorker good = worker(ScriptedFault.Plan.NONE);
    GroupGeneration generation = generation(Duration.ofMillis(700), bad.address(), good.address());
    // One of two goes to the bad worker first.
    for (String group : List.of("p@0", "p@1")) {
      var result = await(generation.generate(request.toBuilder().setGroup(group).build()));
      assertThat(result.outcome()).isInstanceOf(Generated.class);
      if (group.equals("p@0")) {
        assertThat(((Generated) result.outcome()).response().getSamplesList()).isEqualTo(expected);
      }
    }
    assertThat(bad.attemptsOf("p@0") + bad.attemptsOf("p@1")).isPositive();
  }

  @Test
  void withoutAnyWorkerAGroupWaitsUntilOneReturns() throws Exception {
    ScriptedWorker first = worker(ScriptedFault.Plan.NONE);
    WorkerAddress address = first.address();
    first.close();
    var result = generation(Duration.ofSeconds(5), address).generate(request("p@0"));
    assertThat(result).isNotDone();
    Thread.sleep(1_500);
    assertThat(result).as("an outage is waited out").isNotDone();
    ScriptedWorker returned =
        ScriptedWorker.start(ScriptedWorker.Options.of(SCRIPT).withListen(address));
    open.add(returned);
    assertThat(await(result).outcome()).isInstanceOf(Generated.class);
    assertThat(await(result).attempt()).isPositive();
  }

  @Test
  void aRequestThatIsInvalidFailsAtOnceAndIsNotRetried() throws Exception {
    ScriptedWorker worker = worker(ScriptedFault.Plan.NONE);
    GenerateRequest unknown = request("q@0").toBuilder().setProblemId("unknown").build();
    var result = await(generation(Duration.ofSeconds(30), worker.address()).generate(unknown));
    assertThat(((Failed) result.outcome()).reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(worker.attemptsOf("q@0")).isEqualTo(1);
  }

  @Test
  void aWorkerThatFailsAgainAndAgainIsSparedAndTheOthersDoTheWork() throws Exception {
    ScriptedWorker bad = worker((asked, attempt) -> ScriptedFault.INTERNAL_ERROR);
    ScriptedWorker good = worker(ScriptedFault.Plan.NONE);
    WorkerFleet fleet =
        new WorkerFleet(
            List.of(WorkerClient.plain(bad.address()), WorkerClient.plain(good.address())),
            3,
            Duration.ofMinutes(5),
            System::nanoTime);
    open.add(fleet);
    GroupGeneration generation =
        new GroupGeneration(
            fleet,
            clock,
            new GroupGeneration.Patience(Duration.ofSeconds(30), 3, Duration.ofSeconds(30)),
            meter);
    int asked = 0;
    for (int i = 0; i < 20; i++) {
      String group = "p@" + i;
      assertThat(await(generation.generate(request(group))).outcome())
          .isInstanceOf(Generated.class);
      asked += bad.attemptsOf(group);
    }
    assertThat(asked).as("calls to the broken worker").isEqualTo(3);
    assertThat(fleet.openCircuits()).isEqualTo(1);
  }
}
