package io.couplet.worker;

import io.couplet.policy.PolicyReference;
import io.couplet.policy.ServedPolicies;
import io.couplet.worker.v1.DescribeRequest;
import io.couplet.worker.v1.DescribeResponse;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.WorkerGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker that decodes with a model: accepts groups up to a bounded queue, loads the policy that
 * each asks for, and decodes all of them together. Thread-safe.
 */
public final class DiffusionWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiffusionWorker.class);

  private final Options options;
  private final String name;
  private final ServedPolicies<LoadedPolicy> policies;
  private final ExecutorService preparing =
      Executors.newCachedThreadPool(DiffusionWorker::preparingThread);
  private final ContinuousBatcher batcher;
  private final WorkerServer server;
  private volatile boolean draining;

  /**
   * How a worker runs.
   *
   * @param name of this worker in answers and records
   * @param listen port 0 takes a free one
   * @param tls absent: no encryption
   * @param device for Describe, e.g. {@code cpu}
   * @param engine for Describe, e.g. {@code djl-pytorch 2.7.1}
   * @param maxRows most rows decoded together
   * @param queueCapacity most groups that wait
   */
  public record Options(
      String name,
      WorkerAddress listen,
      Optional<MutualTls> tls,
      String device,
      String engine,
      int maxRows,
      int queueCapacity) {
    /** A free loopback port, 128 rows, 64 waiting groups. */
    public static Options of(String name, String device, String engine) {
      return new Options(
          name, new WorkerAddress("127.0.0.1", 0), Optional.empty(), device, engine, 128, 64);
    }

    public Options withListen(WorkerAddress address) {
      return new Options(name, address, tls, device, engine, maxRows, queueCapacity);
    }

    public Options withTls(MutualTls mutualTls) {
      return new Options(
          name, listen, Optional.of(mutualTls), device, engine, maxRows, queueCapacity);
    }

    public Options withLimits(int rows, int waitingGroups) {
      return new Options(name, listen, tls, device, engine, rows, waitingGroups);
    }
  }

  private DiffusionWorker(Options options, ServedPolicies.Loader<LoadedPolicy> loader)
      throws IOException {
    this.options = options;
    name = options.name();
    policies = new ServedPolicies<>(loader);
    batcher = new ContinuousBatcher(name, options.maxRows(), options.queueCapacity());
    try {
      server = WorkerServer.start(options.listen(), options.tls(), new Service());
    } catch (IOException | RuntimeException e) {
      batcher.close();
      policies.close();
      throw e;
    }
  }

  /**
   * @throws IOException if the address cannot be listened on
   */
  public static DiffusionWorker start(Options options, ServedPolicies.Loader<LoadedPolicy> loader)
      throws IOException {
    return new DiffusionWorker(options, loader);
  }

  public WorkerAddress address() {
    return server.address();
  }

  /**
   * Refuses new groups with UNAVAILABLE, finishes the accepted ones for at most that long, then
   * stops listening.
   */
  public void drain(Duration patience) throws InterruptedException {
    draining = true;
    server.announceDraining();
    long until = System.nanoTime() + patience.toNanos();
    batcher.drain(patience);
    server.drain(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
    close();
  }

  /** Stops at once. */
  @Override
  public void close() {
    draining = true;
    batcher.close();
    server.close();
    preparing.shutdown();
    policies.close();
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  private final class Service extends WorkerGrpc.WorkerImplBase {
    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
      var answer = (ServerCallStreamObserver<GenerateResponse>) observer;
      answer.setOnCancelHandler(() -> {}); // cancelled calls are dropped between two steps
      GroupTask task;
      PolicyReference policy = Protocol.policy(request.getPolicy());
      try {
        task = new GroupTask(request, answer);
      } catch (IllegalArgumentException e) {
        answer.onError(failure(Status.INVALID_ARGUMENT, e.getMessage()));
        return;
      }
      if (draining) {
        task.fail(Status.UNAVAILABLE.withDescription("Worker " + name + " is draining"));
      } else if (!policy.sha256().matches("[0-9a-f]{64}")) {
        task.fail(
            Status.FAILED_PRECONDITION.withDescription(
                "A policy is served only against its sha256, 64 hex digits; found '"
                    + policy.sha256()
                    + "' for version "
                    + policy.version()));
      } else if (!batcher.reserve()) {
        task.fail(
            Status.RESOURCE_EXHAUSTED.withDescription(
                "Worker %s has %d groups waiting; ask another worker"
                    .formatted(name, options.queueCapacity())));
      } else {
        preparing.execute(() -> prepare(task, policy));
      }
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> answer) {
      DescribeResponse.Builder description =
          DescribeResponse.newBuilder()
              .setWorker(name)
              .setDevice(options.device())
              .setEngine(options.engine())
              .setQueueCapacity(batcher.queueCapacity())
              .setQueued(batcher.queued())
              .setRowsInFlight(batcher.rowsInFlight())
              .setBusyShare(batcher.busyShare())
              .setSamples(batcher.samples())
              .setTokens(batcher.tokens())
              .setDenoisingSteps(batcher.denoisingSteps());
      policies.loaded().forEach(policy -> description.addLoaded(Protocol.message(policy)));
      answer.onNext(description.build());
      answer.onCompleted();
    }
  }

  /** Waits for the policy, encodes the prompt and hands the task to the batcher. */
  private void prepare(GroupTask task, PolicyReference policy) {
    ServedPolicies<LoadedPolicy>.Lease lease;
    try {
      lease = policies.acquire(policy);
    } catch (Exception e) {
      LOG.warn("Policy version {} at {} is unavailable", policy.version(), policy.uri(), e);
      refuse(task, draining ? Status.UNAVAILABLE : Status.FAILED_PRECONDITION, e);
      return;
    }
    try {
      task.prepare(lease);
    } catch (RuntimeException e) {
      lease.close();
      boolean invalid = e instanceof IllegalArgumentException;
      refuse(task, invalid ? Status.INVALID_ARGUMENT : Status.INTERNAL, e);
      return;
    }
    batcher.submit(task);
  }

  private void refuse(GroupTask task, Status status, Exception cause) {
    batcher.unreserve();
    task.fail(status.withDescription(cause.getMessage()));
  }

  private static Thread preparingThread(Runnable work) {
    Thread thread = new Thread(work, "policy-preparation");
    thread.setDaemon(true);
    return thread;
  }

  private static Exception failure(Status status, String message) {
    return status.withDescription(message).asRuntimeException();
  }
}
