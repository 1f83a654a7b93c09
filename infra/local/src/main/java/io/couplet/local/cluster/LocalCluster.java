package io.couplet.local.cluster;

import io.couplet.submission.FailureCause;
import io.couplet.submission.RetainedCheckpoints;
import io.couplet.submission.RunJob;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.OptionalFailure;
import org.apache.flink.util.SerializedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Flink cluster in this JVM with the web UI, whose jobs go on from their newest retained
 * checkpoint. Job ids derive from names, so that a job finds its checkpoints again.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final Set<JobStatus> ENDED_FOR_GOOD =
      EnumSet.of(JobStatus.FAILED, JobStatus.SUSPENDED);
  private static final Set<JobStatus> TROUBLED =
      EnumSet.of(JobStatus.FAILED, JobStatus.SUSPENDED, JobStatus.RESTARTING);
  private static final long STOP_SECONDS = 60;

  /** Number of the checkpoint of a job that does not run. */
  private static final long NONE = 0;

  /**
   * How often the clocks of Flink's remote calls look for what is due. Their default of 10 ms wakes
   * two threads a hundred times a second for timeouts that are seconds long.
   */
  private static final String CALL_CLOCK_KEY = "pekko.scheduler.tick-duration";

  private static final String CALL_CLOCK = "100ms";

  /** Adds the operators of one job to an environment. */
  @FunctionalInterface
  public interface JobDefinition {
    void define(StreamExecutionEnvironment environment);
  }

  private final ClusterSettings settings;
  private final MiniCluster cluster;
  private final Map<String, JobID> jobs = new LinkedHashMap<>();

  private LocalCluster(ClusterSettings settings, MiniCluster cluster) {
    this.settings = settings;
    this.cluster = cluster;
  }

  /** Starts the cluster; returns when jobs can be submitted. */
  public static LocalCluster start(ClusterSettings settings) throws Exception {
    if (System.getProperty(CALL_CLOCK_KEY) == null) {
      System.setProperty(CALL_CLOCK_KEY, CALL_CLOCK); // there is no other way to set it
    }
    Files.createDirectories(settings.checkpoints());
    Files.createDirectories(settings.scratch().resolve("rocksdb"));
    Files.createDirectories(settings.scratch().resolve("tmp"));
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings.configuration())
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.slots())
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build());
    cluster.start();
    return new LocalCluster(settings, cluster);
  }

  /** Address of the web UI. */
  public String web() {
    return "http://127.0.0.1:" + settings.webPort();
  }

  /** Submits a job, restored from its newest readable checkpoint when it has one. */
  public JobID submit(String name, JobDefinition definition) throws Exception {
    JobID id = RunJob.idOf(name);
    Configuration configuration = settings.configuration();
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    definition.define(environment);
    StreamGraph graph = environment.getStreamGraph();
    graph.setJobName(name);
    graph.setJobId(id);
    checkpoints(id)
        .newestReadable()
        .ifPresent(
            checkpoint -> {
              LOG.info("{} goes on from {}", name, checkpoint);
              graph.setSavepointRestoreSettings(
                  SavepointRestoreSettings.forPath(checkpoint, false, RecoveryClaimMode.CLAIM));
            });
    cluster.submitJob(graph).get();
    jobs.put(name, id);
    return id;
  }

  /**
   * How the jobs are.
   *
   * @param failure the reason a job has ended for good, in one sentence; empty while all live
   * @param restart the first job that is starting again after a failure, and why, in one sentence;
   *     empty when none is
   */
  public record Health(Optional<String> failure, Optional<String> restart) {}

  /** How the jobs are now. */
  public Health health() throws InterruptedException {
    Optional<String> restart = Optional.empty();
    for (Map.Entry<String, JobID> job : jobs.entrySet()) {
      try {
        // The whole graph of a job is costly, and almost always its status is enough.
        if (!TROUBLED.contains(cluster.getJobStatus(job.getValue()).get())) {
          continue;
        }
        AccessExecutionGraph graph = cluster.getExecutionGraph(job.getValue()).get();
        Optional<String> cause =
            Optional.ofNullable(graph.getFailureInfo())
                .map(failure -> FailureCause.of(failure.getExceptionAsString()));
        if (ENDED_FOR_GOOD.contains(graph.getState())) {
          String reason = cause.orElse(graph.getState().toString());
          String failure = "The job " + job.getKey() + " has failed: " + reason;
          return new Health(Optional.of(failure), restart);
        }
        if (restart.isEmpty() && graph.getState() == JobStatus.RESTARTING && cause.isPresent()) {
          restart =
              Optional.of(
                  "The job " + job.getKey() + " is starting again after a failure: " + cause.get());
        }
      } catch (ExecutionException e) {
        LOG.warn("The state of {} cannot be read now: {}", job.getKey(), e.toString());
      }
    }
    return new Health(Optional.empty(), restart);
  }

  /** State of every job, by name, in the order they were submitted. */
  public Map<String, JobStatus> states() throws InterruptedException, ExecutionException {
    Map<String, JobStatus> states = new LinkedHashMap<>();
    for (Map.Entry<String, JobID> job : jobs.entrySet()) {
      states.put(job.getKey(), cluster.getJobStatus(job.getValue()).get());
    }
    return states;
  }

  /** Takes a last checkpoint of every job and cancels it; the checkpoints stay. */
  public void stopJobs() throws InterruptedException {
    stopJobs(new LinkedHashMap<>(jobs));
  }

  /** The same for some jobs; those that have ended already are left alone. */
  public void stopJobs(Collection<String> names) throws InterruptedException {
    Map<String, JobID> chosen = new LinkedHashMap<>(jobs);
    chosen.keySet().retainAll(names);
    stopJobs(chosen);
  }

  private void stopJobs(Map<String, JobID> chosen) throws InterruptedException {
    takeLastCheckpoints(chosen);
    // All at once as well: each source takes leave of its broker, which may hold a fetch of it.
    Map<String, CompletableFuture<Acknowledge>> cancelled = new LinkedHashMap<>();
    chosen.forEach((job, id) -> cancelled.put(job, cancel(id)));
    for (Map.Entry<String, JobID> job : chosen.entrySet()) {
      try {
        cancelled.get(job.getKey()).get(STOP_SECONDS, TimeUnit.SECONDS);
        awaitEnd(job.getValue());
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("{} could not be cancelled: {}", job.getKey(), e.toString());
      }
    }
    jobs.keySet().removeAll(chosen.keySet());
    chosen.forEach(this::seal);
  }

  private CompletableFuture<Acknowledge> cancel(JobID job) {
    return cluster
        .getJobStatus(job)
        .thenCompose(
            status ->
                status.isGloballyTerminalState()
                    ? CompletableFuture.completedFuture(Acknowledge.get())
                    : cluster.cancelJob(job));
  }

  /** All at the same time: the jobs go on with their work until the slowest is done. */
  private void takeLastCheckpoints(Map<String, JobID> chosen) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    Map<String, CompletableFuture<Long>> checkpoints = new LinkedHashMap<>();
    for (Map.Entry<String, JobID> job : chosen.entrySet()) {
      checkpoints.put(
          job.getKey(),
          cluster
              .getJobStatus(job.getValue())
              .thenCompose(
                  status ->
                      status == JobStatus.RUNNING
                          ? cluster.triggerCheckpoint(job.getValue(), CheckpointType.CONFIGURED)
                          : CompletableFuture.completedFuture(NONE)));
    }
    for (Map.Entry<String, CompletableFuture<Long>> checkpoint : checkpoints.entrySet()) {
      try {
        checkpoint.getValue().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn(
            "{} could not take a last checkpoint and will go on from its previous one: {}",
            checkpoint.getKey(),
            e.toString());
      }
    }
  }

  /** The last checkpoint is the one to go on from, and this process may end at once. */
  private void seal(String job, JobID id) {
    try {
      checkpoints(id).seal();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The checkpoints of {} are not sealed: {}", job, e.toString());
    }
  }

  private RetainedCheckpoints checkpoints(JobID job) {
    return RetainedCheckpoints.ofJob(settings.checkpoints().toUri().toString(), job);
  }

  private void awaitEnd(JobID job)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("still not ended after " + STOP_SECONDS + " s");
      }
      Thread.sleep(20);
    }
  }

  /**
   * How a bounded job ended.
   *
   * @param failure the reason in a sentence; empty when it finished
   */
  public record Ended(Optional<String> failure, Map<String, List<String>> accumulators) {}

  /** Waits for the end of a job that ends by itself. */
  public Ended awaitEnd(String name)
      throws InterruptedException, ExecutionException, IOException, ClassNotFoundException {
    JobResult result = cluster.requestJobResult(jobs.get(name)).get();
    Map<String, List<String>> accumulators = new LinkedHashMap<>();
    for (Map.Entry<String, SerializedValue<OptionalFailure<Object>>> each :
        result.getAccumulatorResults().entrySet()) {
      Object value =
          each.getValue().deserializeValue(LocalCluster.class.getClassLoader()).getUnchecked();
      if (value instanceof List<?> list) {
        accumulators.put(each.getKey(), list.stream().map(String::valueOf).toList());
      }
    }
    Optional<String> failure =
        result
            .getSerializedThrowable()
            .map(
                thrown ->
                    "The job "
                        + name
                        + " has failed: "
                        + FailureCause.of(thrown.getFullStringifiedStackTrace()));
    return new Ended(failure, accumulators);
  }

  /**
   * Ends the TaskManager, with every task on it, and starts another one: the jobs go on from their
   * last checkpoints. Both live in this JVM, so it is an end without a last checkpoint, but no kill
   * -9 of a process.
   */
  public void loseTaskManager() throws Exception {
    cluster.terminateTaskManager(0).get(STOP_SECONDS, TimeUnit.SECONDS);
    cluster.startTaskManager();
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
