package io.couplet.reward;

import io.couplet.config.RunConfig;
import io.couplet.sandbox.SandboxJob;
import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxUnavailableException;
import io.couplet.sandbox.Verdict;
import io.couplet.sandbox.Verdict.Infrastructure;
import io.couplet.schemas.Completion;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.DeadLetters;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.types.Either;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges completions in the sandbox: the rewards of the built-in sources, and a dead letter for a
 * rollout on which the sandbox itself failed {@code sandbox.attempts} times.
 */
final class JudgeFunction extends RichAsyncFunction<ReceivedRollout, Either<Reward, DeadLetter>> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(JudgeFunction.class);
  private static final long FIRST_PAUSE_MS = 100;

  private final RunConfig config;
  private transient SandboxPool pool;
  private transient ScheduledExecutorService clock;
  private transient SandboxJobs jobs;
  private transient CodeRewards rewards;
  private transient RewardMeter meter;
  private transient RecordCodec<Rollout> codec;

  JudgeFunction(RunConfig config) {
    this.config = config;
  }

  @Override
  public void open(OpenContext context) {
    jobs = new SandboxJobs(config);
    rewards = new CodeRewards(config.rewards());
    codec = RecordCodec.of(Topic.ROLLOUTS);
    try {
      pool = SandboxPool.open(jobs.poolSettings());
    } catch (SandboxUnavailableException e) {
      // Trying again finds the same machine: end the job with the reason.
      throw new SuppressRestartsException(e);
    }
    LOG.info("{}", pool.description());
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "reward-retries");
              thread.setDaemon(true);
              return thread;
            });
    meter =
        new RewardMeter(
            getRuntimeContext().getMetricGroup(),
            pool,
            List.of(CodeRewards.TESTS, CodeRewards.FORMAT));
  }

  @Override
  public void asyncInvoke(
      ReceivedRollout received, ResultFuture<Either<Reward, DeadLetter>> results) {
    Rollout rollout = received.rollout();
    ProgramOfCompletion program =
        ProgramOfCompletion.of(
            rollout.getProblem(),
            ((Completion) rollout.getOutcome()).getText(),
            config.problems().promptStyle());
    if (program.program().isEmpty()) {
      List<Reward> given = rewards.ofMalformed(rollout);
      meter.given(given, 0);
      results.complete(lefts(given));
      return;
    }
    SandboxJob job = jobs.job(rollout, program.program().get());
    new Judgement(received, program, job, results).submit(1);
  }

  /** One rollout on its way through the sandbox. */
  private final class Judgement {
    final ReceivedRollout received;
    final ProgramOfCompletion program;
    final SandboxJob job;
    final ResultFuture<Either<Reward, DeadLetter>> results;
    final long started = System.nanoTime();

    Judgement(
        ReceivedRollout received,
        ProgramOfCompletion program,
        SandboxJob job,
        ResultFuture<Either<Reward, DeadLetter>> results) {
      this.received = received;
      this.program = program;
      this.job = job;
      this.results = results;
    }

    void submit(int attempt) {
      pool.submit(job)
          .whenComplete(
              (verdict, thrown) -> {
                if (thrown != null) {
                  // The pool is closed only with the job, which then judges this rollout again.
                  results.completeExceptionally(thrown);
                } else if (verdict instanceof Infrastructure failure
                    && attempt < config.sandbox().attempts()) {
                  again(attempt, failure);
                } else {
                  complete(verdict, attempt);
                }
              });
    }

    void again(int attempt, Infrastructure failure) {
      meter.retried();
      LOG.warn("Sandbox failed on {} (attempt {}): {}", job.id(), attempt, failure.why());
      try {
        clock.schedule(
            () -> submit(attempt + 1), FIRST_PAUSE_MS << (attempt - 1), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("{} is left, the job is closing", job.id(), e);
      }
    }

    void complete(Verdict verdict, int attempts) {
      double ms = (System.nanoTime() - started) / 1e6;
      List<Reward> given = rewards.of(received.rollout(), program, verdict, ms);
      meter.given(given, ms);
      List<Either<Reward, DeadLetter>> all = lefts(given);
      if (verdict instanceof Infrastructure failure) {
        all.add(Either.Right(letter(received, failure, attempts)));
      }
      results.complete(all);
    }
  }

  private DeadLetter letter(ReceivedRollout received, Infrastructure failure, int attempts) {
    // A rollout's bytes follow from the rollout: encoding it again gives the record as it stands.
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            received.topic(),
            received.partition(),
            received.offset(),
            received.rollout().getGroup().getBytes(StandardCharsets.UTF_8),
            codec.encode(received.rollout()));
    return DeadLetters.of(
        RunStreams.topics(config),
        RewardJob.NAME,
        record,
        "The sandbox failed " + attempts + " times on this rollout: " + failure.why());
  }

  private static List<Either<Reward, DeadLetter>> lefts(List<Reward> rewards) {
    List<Either<Reward, DeadLetter>> lefts = new ArrayList<>();
    rewards.forEach(reward -> lefts.add(Either.Left(reward)));
    return lefts;
  }

  @Override
  public void close() {
    if (clock != null) {
      clock.shutdownNow();
    }
    if (pool != null) {
      pool.close();
    }
  }
}
