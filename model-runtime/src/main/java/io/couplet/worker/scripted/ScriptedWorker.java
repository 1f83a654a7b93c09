package io.couplet.worker.scripted;

import io.couplet.worker.MutualTls;
import io.couplet.worker.WorkerAddress;
import io.couplet.worker.WorkerServer;
import io.couplet.worker.v1.DescribeRequest;
import io.couplet.worker.v1.DescribeResponse;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.Sample;
import io.couplet.worker.v1.WorkerGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A worker without a model: it answers from a {@link Script}, speaks the real protocol over a real
 * connection, and says so (engine {@code scripted}). For tests and load measurements of the
 * streaming plane. Answers depend on (seed, purpose, group, member) alone. Thread-safe.
 */
public final class ScriptedWorker implements AutoCloseable {
  /** What Describe gives as the engine. */
  public static final String ENGINE = "scripted";

  private final Options options;
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong samples = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private final WorkerServer server;

  /**
   * How a scripted worker behaves.
   *
   * @param listen port 0 takes a free one
   * @param latencyPerSample a group of G is answered after G times that
   * @param faults what goes wrong, and when
   */
  public record Options(
      WorkerAddress listen,
      Optional<MutualTls> tls,
      Script script,
      ScriptTokens tokens,
      Duration latencyPerSample,
      ScriptedFault.Plan faults) {
    /** On a free loopback port, at once, without faults, one token per byte. */
    public static Options of(Script script) {
      return new Options(
          new WorkerAddress("127.0.0.1", 0),
          Optional.empty(),
          script,
          ScriptTokens.bytes(),
          Duration.ZERO,
          ScriptedFault.Plan.NONE);
    }

    public Options withListen(WorkerAddress address) {
      return new Options(address, tls, script, tokens, latencyPerSample, faults);
    }

    public Options withTls(MutualTls mutualTls) {
      return new Options(listen, Optional.of(mutualTls), script, tokens, latencyPerSample, faults);
    }

    public Options withTokens(ScriptTokens scriptTokens) {
      return new Options(listen, tls, script, scriptTokens, latencyPerSample, faults);
    }

    public Options withLatencyPerSample(Duration latency) {
      return new Options(listen, tls, script, tokens, latency, faults);
    }

    public Options withFaults(ScriptedFault.Plan plan) {
      return new Options(listen, tls, script, tokens, latencyPerSample, plan);
    }
  }

  private ScriptedWorker(Options options) throws IOException {
    this.options = options;
    server = WorkerServer.start(options.listen(), options.tls(), new Service());
  }

  public static ScriptedWorker start(Options options) throws IOException {
    return new ScriptedWorker(options);
  }

  public WorkerAddress address() {
    return server.address();
  }

  /** Samples answered so far, faulty ones included. */
  public long samplesServed() {
    return samples.get();
  }

  /** How often this worker has been asked for a group. */
  public int attemptsOf(String group) {
    AtomicInteger count = attempts.get(group);
    return count == null ? 0 : count.get();
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    server.close();
  }

  private String name() {
    return ENGINE + "-" + server.address();
  }

  private final class Service extends WorkerGrpc.WorkerImplBase {
    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> answer) {
      int attempt =
          attempts.computeIfAbsent(request.getGroup(), g -> new AtomicInteger()).incrementAndGet();
      ScriptedFault fault = options.faults().of(request, attempt);
      switch (fault) {
        case HANG -> {}
        case DIE -> new Thread(ScriptedWorker.this::close, "scripted-worker-death").start();
        case QUEUE_FULL ->
            answer.onError(failure(Status.RESOURCE_EXHAUSTED, "The queue is full, as scripted"));
        case INTERNAL_ERROR -> answer.onError(failure(Status.INTERNAL, "Failed, as scripted"));
        default -> answerLater(request, fault, answer);
      }
    }

    private void answerLater(
        GenerateRequest request, ScriptedFault fault, StreamObserver<GenerateResponse> answer) {
      ScriptedAnswer scripted;
      try {
        scripted = scriptedAnswer(request);
      } catch (IllegalArgumentException e) {
        answer.onError(failure(Status.INVALID_ARGUMENT, e.getMessage()));
        return;
      }
      Duration latency = options.latencyPerSample().multipliedBy(request.getGroupSize());
      inFlight.addAndGet(request.getGroupSize());
      clock.schedule(
          () -> {
            inFlight.addAndGet(-request.getGroupSize());
            if (((ServerCallStreamObserver<GenerateResponse>) answer).isCancelled()) {
              return;
            }
            answer.onNext(
                counted(spoiled(scripted.response(name(), latency.toNanos() / 1e6), fault)));
            answer.onCompleted();
          },
          latency.toNanos(),
          TimeUnit.NANOSECONDS);
    }

    private ScriptedAnswer scriptedAnswer(GenerateRequest request) {
      if (request.getGroupSize() < 1) {
        throw new IllegalArgumentException(
            "group_size must be at least 1, not " + request.getGroupSize());
      }
      Script.Entry entry =
          options
              .script()
              .entry(request.getProblemId())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "The script has no answers for problem '"
                              + request.getProblemId()
                              + "'"));
      return new ScriptedAnswer(options.tokens(), request, entry);
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeResponse> answer) {
      answer.onNext(
          DescribeResponse.newBuilder()
              .setWorker(name())
              .setDevice("none")
              .setEngine(ENGINE)
              .setQueueCapacity(Integer.MAX_VALUE)
              .setRowsInFlight(inFlight.get())
              .setSamples(samples.get())
              .setTokens(tokens.get())
              .build());
      answer.onCompleted();
    }
  }

  private GenerateResponse counted(GenerateResponse response) {
    samples.addAndGet(response.getSamplesCount());
    for (Sample sample : response.getSamplesList()) {
      tokens.addAndGet(sample.getCompletionIdsCount());
    }
    return response;
  }

  private static Exception failure(Status status, String message) {
    return status.withDescription(message).asRuntimeException();
  }

  private static GenerateResponse spoiled(GenerateResponse good, ScriptedFault fault) {
    int last = good.getSamplesCount() - 1;
    GenerateResponse.Builder bad = good.toBuilder();
    switch (fault) {
      case WRONG_VERSION -> bad.getPolicyBuilder().setVersion(good.getPolicy().getVersion() + 1);
      case WRONG_HASH -> bad.getPolicyBuilder().setSha256("0".repeat(64));
      case OTHER_GROUP -> bad.setGroup(good.getGroup() + "-other");
      case NEGATIVE_TOKEN -> bad.getSamplesBuilder(last).setCompletionIds(0, -1);
      case UNKNOWN_TOKEN -> bad.getSamplesBuilder(last).setCompletionIds(0, Integer.MAX_VALUE);
      case MISSING_MEMBER -> bad.removeSamples(last);
      case SHORT_COMPLETION -> {
        Sample.Builder sample = bad.getSamplesBuilder(last);
        var ids = sample.getCompletionIdsList();
        var shorter = ids.subList(0, ids.size() - 1).stream().toList();
        sample.clearCompletionIds().addAllCompletionIds(shorter);
      }
      case NOT_A_NUMBER -> {
        Sample.Builder sample = bad.getSamplesBuilder(last);
        if (sample.getBehaviourScoresCount() > 0) {
          sample.getBehaviourScoresBuilder(0).setValues(0, Float.NaN);
        } else {
          sample.setConfidences(0, Float.NaN);
        }
      }
      default -> {}
    }
    return bad.build();
  }
}
