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
  private transient EvaluationQueue queue;
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
    HeldOutEvaluation evaluation =
        new HeldOutEvaluation(config, problems, workers, sandbox, executor);
    queue = new EvaluationQueue(evaluation::start);
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
    queue
        .submit(new PolicyReference(policy.getVersion(), policy.getUri(), policy.getSha256()))
        .whenComplete(
            (outcome, thrown) -> {
              if (thrown != null) {
                results.completeExceptionally(thrown);
              } else {
                results.complete(records(policy, outcome));
              }
            });
  }

  private List<Evaluation> records(Policy policy, VersionOutcome outcome) {
    if (outcome instanceof VersionOutcome.Evaluated evaluated) {
      if (evaluated.tallies().stream().anyMatch(tally -> tally.judged() > 0)) {
        return List.of(record(policy, evaluated));
      }
      return none(policy, "no sample was judged");
    }
    return none(
        policy,
        "the workers cannot load it, perhaps because it was deleted before its turn came: "
            + ((VersionOutcome.PolicyGone) outcome).message());
  }

  private List<Evaluation> none(Policy policy, String reason) {
    failed.inc();
    LOG.warn(
        "Version {} of run {} could not be evaluated: {}",
        policy.getVersion(),
        config.name(),
        reason);
    return List.of();
  }

  private Evaluation record(Policy policy, VersionOutcome.Evaluated outcome) {
    Evaluation record = EvaluationRecords.of(config, policy, outcome.tallies(), outcome.seconds());
    evaluated.inc();
    lastSeconds = outcome.seconds();
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
