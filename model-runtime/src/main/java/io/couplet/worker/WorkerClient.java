package io.couplet.worker;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.v1.DescribeRequest;
import io.couplet.worker.v1.DescribeResponse;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.WorkerGrpc;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One worker as its callers see it: asynchronous, every answer checked, every failure typed. It
 * does not retry: the caller knows the other workers. Thread-safe. Connects lazily and reconnects
 * by itself.
 */
public final class WorkerClient implements AutoCloseable {
  static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final WorkerAddress address;
  private final ManagedChannel channel;

  private WorkerClient(WorkerAddress address, ChannelCredentials credentials) {
    this.address = address;
    channel =
        NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .disableRetry()
            .build();
  }

  /** A connection without encryption, for workers on the same machine or a private network. */
  public static WorkerClient plain(WorkerAddress address) {
    return new WorkerClient(address, InsecureChannelCredentials.create());
  }

  /** A connection on which both sides show a certificate. */
  public static WorkerClient mutualTls(WorkerAddress address, MutualTls tls) {
    return new WorkerClient(address, tls.forClient());
  }

  public WorkerAddress address() {
    return address;
  }

  /**
   * Asks for all members of one group. The future always completes normally; cancelling it cancels
   * the call, and the worker frees the rows.
   *
   * @param deadline from now, of the whole call including the worker's queue
   */
  public CompletableFuture<GenerateOutcome> generate(GenerateRequest request, Duration deadline) {
    ListenableFuture<GenerateResponse> call =
        WorkerGrpc.newFutureStub(channel)
            .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
            .generate(request);
    return adapt(call, response -> checked(request, response), this::failed);
  }

  /** What the worker says of itself; fails with {@link WorkerUnreachableException}. */
  public CompletableFuture<DescribeResponse> describe(Duration deadline) {
    return adapt(
        WorkerGrpc.newFutureStub(channel)
            .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
            .describe(DescribeRequest.getDefaultInstance()),
        Function.identity(),
        failure -> {
          throw new WorkerUnreachableException(
              "Worker " + address + " did not describe itself: " + failure.getMessage(), failure);
        });
  }

  /** Whether the worker takes requests now; false also when it cannot be reached. */
  public CompletableFuture<Boolean> serving(Duration deadline) {
    return adapt(
        HealthGrpc.newFutureStub(channel)
            .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
            .check(HealthCheckRequest.getDefaultInstance()),
        response -> response.getStatus() == ServingStatus.SERVING,
        failure -> false);
  }

  private GenerateOutcome checked(GenerateRequest request, GenerateResponse response) {
    Optional<String> wrong = ResponseCheck.wrongPolicy(request, response);
    if (wrong.isPresent()) {
      return new Failed(Reason.WRONG_POLICY, address, wrong.get());
    }
    Optional<String> broken = ResponseCheck.broken(request, response);
    return broken.isPresent()
        ? new Failed(Reason.GARBAGE, address, broken.get())
        : new Generated(response, address);
  }

  private GenerateOutcome failed(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    Reason reason =
        switch (status.getCode()) {
          case INVALID_ARGUMENT -> Reason.INVALID_REQUEST;
          case FAILED_PRECONDITION -> Reason.POLICY_UNAVAILABLE;
          case RESOURCE_EXHAUSTED -> Reason.OVERLOADED;
          // A worker that shuts down at once cancels the streams it still has open.
          case UNAVAILABLE, CANCELLED -> Reason.UNAVAILABLE;
          case DEADLINE_EXCEEDED -> Reason.DEADLINE;
          default -> Reason.WORKER_ERROR;
        };
    return new Failed(reason, address, describe(status));
  }

  private static String describe(Status status) {
    return status.getDescription() == null
        ? status.getCode().toString()
        : status.getCode() + ": " + status.getDescription();
  }

  private static <T, R> CompletableFuture<R> adapt(
      ListenableFuture<T> call, Function<T, R> answer, Function<Throwable, R> failure) {
    CompletableFuture<R> result = new CompletableFuture<>();
    result.whenComplete(
        (value, thrown) -> {
          if (result.isCancelled()) {
            call.cancel(true);
          }
        });
    Futures.addCallback(
        call,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T value) {
            complete(result, answer, value);
          }

          @Override
          public void onFailure(Throwable thrown) {
            complete(result, failure, thrown);
          }
        },
        MoreExecutors.directExecutor());
    return result;
  }

  private static <T, R> void complete(CompletableFuture<R> result, Function<T, R> by, T value) {
    try {
      result.complete(by.apply(value));
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /** Cancels what is under way and closes the connection. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
