package io.couplet.rollout;

import io.couplet.config.RunConfig;
import io.couplet.config.WorkersSection;
import io.couplet.policy.PolicyReference;
import io.couplet.schemas.Rollout;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.MutualTls;
import io.couplet.worker.Protocol;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.v1.GenerateRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Has the workers generate: one call for all members of a group. Keeps no state: after a failure of
 * the job Flink calls again for every group that was under way, with the same seeds.
 */
final class GenerateFunction extends RichAsyncFunction<AdmittedGroup, Rollout> {
  private static final long serialVersionUID = 1L;
  private static final Duration POLICY_PATIENCE = Duration.ofMinutes(5);
  private static final long DESCRIBE_EVERY_MS = 2_000;

  private final RunConfig config;
  private transient ScheduledExecutorService clock;
  private transient WorkerFleet fleet;
  private transient GroupGeneration generation;
  private transient RolloutRecords records;
  private transient RolloutMeter meter;

  GenerateFunction(RunConfig config) {
    this.config = config;
  }

  @Override
  public void open(OpenContext context) {
    WorkersSection workers = config.workers();
    Optional<MutualTls> tls = tls(workers);
    fleet =
        new WorkerFleet(
            workers.endpoints().stream().map(endpoint -> client(endpoint, tls)).toList(),
            workers.breakerFailures(),
            Duration.ofMillis(workers.breakerPauseMs()),
            System::nanoTime);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "rollout-retries");
              thread.setDaemon(true);
              return thread;
            });
    meter = new RolloutMeter();
    meter.register(getRuntimeContext().getMetricGroup(), fleet);
    generation =
        new GroupGeneration(
            fleet,
            clock,
            new GroupGeneration.Patience(
                Duration.ofMillis(workers.deadlineMs()), workers.attempts(), POLICY_PATIENCE),
            meter);
    records =
        new RolloutRecords(
            config.name(),
            config.groups().size(),
            config.problems().maxPromptTokens(),
            config.decoding().settings());
    clock.scheduleWithFixedDelay(
        () -> fleet.describe().thenAccept(meter::described),
        0,
        DESCRIBE_EVERY_MS,
        TimeUnit.MILLISECONDS);
  }

  private static Optional<MutualTls> tls(WorkersSection workers) {
    return workers.certificate().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MutualTls(
                Path.of(workers.certificate()),
                Path.of(workers.privateKey()),
                Path.of(workers.trust())));
  }

  private static WorkerClient client(String endpoint, Optional<MutualTls> tls) {
    WorkerAddress address = WorkerAddress.parse(endpoint);
    return tls.map(certificates -> WorkerClient.mutualTls(address, certificates))
        .orElseGet(() -> WorkerClient.plain(address));
  }

  @Override
  public void asyncInvoke(AdmittedGroup group, ResultFuture<Rollout> results) {
    meter.calling(group);
    String prompt = ProblemRecords.prompt(group.problem(), config.problems());
    generation
        .generate(request(group, prompt))
        .whenComplete(
            (result, thrown) -> {
              if (thrown != null) {
                results.completeExceptionally(thrown);
                return;
              }
              complete(results, records.of(group, prompt, result), result);
            });
  }

  private void complete(
      ResultFuture<Rollout> results, List<Rollout> rollouts, GroupGeneration.Result result) {
    if (result.outcome() instanceof Generated generated) {
      meter.generated(
          rollouts.size(),
          config.decoding().length(),
          generated.response().getTimings().getDenoisingSteps());
    } else {
      meter.failed(rollouts.size());
    }
    results.complete(rollouts);
  }

  private GenerateRequest request(AdmittedGroup group, String prompt) {
    return GenerateRequest.newBuilder()
        .setRun(config.name())
        .setSeed(config.seed())
        .setGroup(group.group())
        .setGroupSize(config.groups().size())
        .setPolicy(
            Protocol.message(
                new PolicyReference(
                    group.policyVersion(), group.policyUri(), group.policySha256())))
        .setPrompt(prompt)
        .setDecoding(Protocol.message(config.decoding().settings()))
        .setScoring(Protocol.message(config.scoring().settings()))
        .setPurpose(Protocol.ROLLOUT)
        .setProblemId(group.problem().getId())
        .build();
  }

  @Override
  public void close() {
    if (clock != null) {
      clock.shutdownNow();
    }
    if (fleet != null) {
      fleet.close();
    }
  }
}
