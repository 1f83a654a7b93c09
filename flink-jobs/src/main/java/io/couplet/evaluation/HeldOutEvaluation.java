package io.couplet.evaluation;

import io.couplet.config.RunConfig;
import io.couplet.policy.PolicyReference;
import io.couplet.reward.ProgramOfCompletion;
import io.couplet.reward.SandboxJobs;
import io.couplet.rollout.ProblemRecords;
import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.Verdict;
import io.couplet.schemas.Problem;
import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.Protocol;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures policy versions on the held-out problems. Samples are named by problem and member, not
 * by version: two versions are compared under the same noise. Thread-safe.
 */
final class HeldOutEvaluation {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOutEvaluation.class);
  private static final int ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MS = 100;

  private final RunConfig config;
  private final List<Problem> problems;
  private final List<WorkerClient> workers;
  private final SandboxPool sandbox;
  private final SandboxJobs jobs;
  private final ScheduledExecutorService executor;

  /**
   * @param executor runs retries and the waiting for room in the sandbox
   */
  HeldOutEvaluation(
      RunConfig config,
      List<Problem> problems,
      List<WorkerClient> workers,
      SandboxPool sandbox,
      ScheduledExecutorService executor) {
    this.config = config;
    this.problems = List.copyOf(problems);
    this.workers = List.copyOf(workers);
    this.sandbox = sandbox;
    this.jobs = new SandboxJobs(config);
    this.executor = executor;
  }

  /** Begins the evaluation of a version. */
  VersionEvaluation start(PolicyReference policy) {
    return VersionEvaluation.start(
        problems.size(),
        workers.size(),
        (problem, worker) -> tally(problems.get(problem), policy, worker),
        executor);
  }

  private CompletableFuture<ProblemTally> tally(
      Problem problem, PolicyReference policy, int worker) {
    return generate(request(problem, policy), worker, 0)
        .thenComposeAsync(outcome -> judge(problem, outcome), executor);
  }

  private CompletableFuture<GenerateOutcome> generate(
      GenerateRequest request, int worker, int attempt) {
    WorkerClient client = workers.get((worker + attempt) % workers.size());
    return client
        .generate(request, Duration.ofMillis(config.workers().deadlineMs()))
        .thenCompose(
            outcome -> {
              boolean again =
                  outcome instanceof Failed failed
                      && failed.reason().retryable()
                      && attempt + 1 < ATTEMPTS;
              return again
                  ? later(request, worker, attempt + 1)
                  : CompletableFuture.completedFuture(outcome);
            });
  }

  private CompletableFuture<GenerateOutcome> later(
      GenerateRequest request, int worker, int attempt) {
    CompletableFuture<GenerateOutcome> result = new CompletableFuture<>();
    executor.schedule(
        () ->
            generate(request, worker, attempt)
                .whenComplete(
                    (outcome, thrown) -> {
                      if (thrown != null) {
                        result.completeExceptionally(thrown);
                      } else {
                        result.complete(outcome);
                      }
                    }),
        FIRST_PAUSE_MS << attempt,
        TimeUnit.MILLISECONDS);
    return result;
  }

  private GenerateRequest request(Problem problem, PolicyReference policy) {
    return GenerateRequest.newBuilder()
        .setRun(config.name())
        .setSeed(config.seed())
        .setGroup(problem.getId())
        .setGroupSize(config.evaluation().samples())
        .setPolicy(Protocol.message(policy))
        .setPrompt(ProblemRecords.prompt(problem, config.problems()))
        .setDecoding(Protocol.message(config.decoding().at(config.evaluation().temperature())))
        .setPurpose(Protocol.EVALUATION)
        .setProblemId(problem.getId())
        .build();
  }

  private CompletableFuture<ProblemTally> judge(Problem problem, GenerateOutcome outcome) {
    if (outcome instanceof Failed failed) {
      if (failed.reason() == Reason.POLICY_UNAVAILABLE) {
        throw new PolicyGoneException(failed.message());
      }
      LOG.warn(
          "Held-out problem {} was not generated ({}): {}",
          problem.getId(),
          failed.reason(),
          failed.message());
      return CompletableFuture.completedFuture(new ProblemTally(problem.getId(), 0, 0, List.of()));
    }
    List<Sample> samples = ((Generated) outcome).response().getSamplesList();
    List<CompletableFuture<Boolean>> verdicts =
        samples.stream().map(sample -> passes(problem, sample)).toList();
    return CompletableFuture.allOf(verdicts.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              List<Boolean> judged =
                  verdicts.stream().map(CompletableFuture::join).filter(Objects::nonNull).toList();
              int passed = (int) judged.stream().filter(Boolean::booleanValue).count();
              return new ProblemTally(problem.getId(), judged.size(), passed, samples);
            });
  }

  /** Null when nothing can be said about the program. */
  private CompletableFuture<Boolean> passes(Problem problem, Sample sample) {
    Optional<String> program =
        ProgramOfCompletion.of(problem, sample.getText(), config.problems().promptStyle())
            .program();
    if (program.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    return sandbox
        .submit(jobs.job(problem.getId() + "/" + sample.getMember(), problem, program.get()))
        .thenApply(HeldOutEvaluation::passes);
  }

  private static Boolean passes(Verdict verdict) {
    if (verdict instanceof Verdict.Invalid invalid) {
      return invalid.programAtFault() ? Boolean.FALSE : null;
    }
    return verdict instanceof Verdict.Infrastructure ? null : verdict instanceof Verdict.Passed;
  }
}
