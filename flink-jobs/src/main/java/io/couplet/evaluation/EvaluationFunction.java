package io.couplet.evaluation;

import io.couplet.config.RunConfig;
import io.couplet.policy.PolicyReference;
import io.couplet.reward.SandboxJobs;
import io.couplet.sandbox.SandboxPool;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import io.couplet.worker.MutualTls;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.WorkerClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates the policy versions it is given; one that cannot be evaluated gives no record. */
final class EvaluationFunction extends RichAsyncFunction<Policy, Evaluation> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationFunction.class);

  private final RunConfig config;
  private transient List<WorkerClient> workers;
  private transient ScheduledExecutorService executor;
  private transient SandboxPool sandbox;
  private transient HeldOutEvaluation evaluation;
  private transient Counter evaluated;
  private transient Counter failed;
  private transient volatile double lastPassAt1;
  private transient volatile double lastSeconds;

  EvaluationFunction(RunConfig config) {
    this.config = config;
  }

  @Override
  public void open(OpenContext context) {
    MetricGroup metrics =
        getRuntimeContext().getMetricGroup().addGroup("couplet").addGroup("evaluation");
    evaluated = metrics.counter("evaluated");
    failed = metrics.counter("failed");
    metrics.gauge("passAt1", (Gauge<Double>) () -> lastPassAt1);
    metrics.gauge("seconds", (Gauge<Double>) () -> lastSeconds);
    List<Problem> problems = HeldOutProblems.of(config.evaluation());
    workers = new ArrayList<>();
    for (String endpoint : config.workers().endpoints()) {
      workers.add(client(WorkerAddress.parse(endpoint)));
    }
    executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "evaluation");
              thread.setDaemon(true);
              return thread;
            });
    // One sandbox worker: evaluation must not take the cores from the rewards.
    sandbox = SandboxPool.open(new SandboxJobs(config).poolSettings().withWorkers(1));
    evaluation = new HeldOutEvaluation(config, problems, workers, sandbox, executor);
  }

  private WorkerClient client(WorkerAddress address) {
    var settings = config.workers();
    return settings.certificate().isEmpty()
        ? WorkerClient.plain(address)
        : WorkerClient.mutualTls(
            address,
            new MutualTls(
                Path.of(settings.certificate()),
                Path.of(settings.privateKey()),
                Path.of(settings.trust())));
  }

  @Override
  public void asyncInvoke(Policy policy, ResultFuture<Evaluation> results) {
    long start = System.nanoTime();
    evaluation
        .evaluate(new PolicyReference(policy.getVersion(), policy.getUri(), policy.getSha256()))
        .whenComplete(
            (tallies, thrown) -> {
              if (thrown != null) {
                results.completeExceptionally(thrown);
              } else if (tallies.stream().allMatch(tally -> tally.judged() == 0)) {
                failed.inc();
                LOG.warn(
                    "Version {} of run {} could not be evaluated: no sample was judged",
                    policy.getVersion(),
                    config.name());
                results.complete(List.of());
              } else {
                results.complete(List.of(record(policy, tallies, start)));
              }
            });
  }

  private Evaluation record(Policy policy, List<ProblemTally> tallies, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    Evaluation record = EvaluationRecords.of(config, policy, tallies, seconds);
    evaluated.inc();
    lastSeconds = seconds;
    lastPassAt1 = record.getPassAt().getOrDefault("1", Double.NaN);
    return record;
  }

  @Override
  public void close() {
    if (workers != null) {
      workers.forEach(WorkerClient::close);
    }
    if (executor != null) {
      executor.shutdownNow();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
