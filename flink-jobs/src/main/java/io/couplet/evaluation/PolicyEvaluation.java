package io.couplet.evaluation;

import io.couplet.evaluation.ProblemResult.JudgedSample;
import io.couplet.problems.Problem;
import io.couplet.sandbox.CompletionFormat;
import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxJob;
import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.Verdict;
import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.Protocol;
import io.couplet.worker.WorkerClient;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Evaluates one policy on problems: completions from a worker, every program judged in the sandbox.
 * Decoding and judging overlap. Completions are named by (seed, "evaluation", problem, member), so
 * two evaluations of one policy agree sample by sample. One thread at a time.
 */
public final class PolicyEvaluation {
  private final WorkerClient worker;
  private final SandboxPool sandbox;
  private final EvaluationSettings settings;

  public PolicyEvaluation(WorkerClient worker, SandboxPool sandbox, EvaluationSettings settings) {
    this.worker = worker;
    this.sandbox = sandbox;
    this.settings = settings;
  }

  /**
   * Evaluates every problem.
   *
   * @param onProblem told each result in the order of the problems
   */
  public EvaluationReport run(List<Problem> problems, Consumer<ProblemResult> onProblem) {
    List<ProblemResult> results = new ArrayList<>();
    Deque<CompletableFuture<ProblemResult>> inFlight = new ArrayDeque<>();
    for (Problem problem : problems) {
      if (inFlight.size() == settings.groupsInFlight()) {
        take(inFlight, results, onProblem);
      }
      inFlight.add(evaluate(problem));
    }
    while (!inFlight.isEmpty()) {
      take(inFlight, results, onProblem);
    }
    return EvaluationReport.of(settings, results);
  }

  private static void take(
      Deque<CompletableFuture<ProblemResult>> inFlight,
      List<ProblemResult> results,
      Consumer<ProblemResult> onProblem) {
    ProblemResult result = inFlight.remove().join();
    results.add(result);
    onProblem.accept(result);
  }

  private CompletableFuture<ProblemResult> evaluate(Problem problem) {
    GenerateRequest request =
        GenerateRequest.newBuilder()
            .setRun(settings.run())
            .setSeed(settings.seed())
            .setGroup(problem.id())
            .setGroupSize(settings.samples())
            .setPolicy(Protocol.message(settings.policy()))
            .setPrompt(settings.template().render(problem))
            .setDecoding(Protocol.message(settings.decoding()))
            .setPurpose(Protocol.EVALUATION)
            .setProblemId(problem.id())
            .build();
    return worker
        .generate(request, settings.deadline())
        .thenComposeAsync(outcome -> judge(problem, outcome));
  }

  private CompletableFuture<ProblemResult> judge(Problem problem, GenerateOutcome outcome) {
    if (outcome instanceof Failed failed) {
      String failure = failed.reason() + ": " + failed.message();
      return CompletableFuture.completedFuture(new ProblemResult(problem.id(), List.of(), failure));
    }
    List<CompletableFuture<JudgedSample>> judged = new ArrayList<>();
    for (Sample sample : ((Generated) outcome).response().getSamplesList()) {
      judged.add(verdict(problem, sample).thenApply(verdict -> judged(sample, verdict)));
    }
    return CompletableFuture.allOf(judged.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                new ProblemResult(
                    problem.id(), judged.stream().map(CompletableFuture::join).toList(), null));
  }

  private CompletableFuture<Verdict> verdict(Problem problem, Sample sample) {
    Optional<String> program = program(problem, sample.getText());
    if (program.isEmpty()) {
      return CompletableFuture.completedFuture(
          new Verdict.Invalid("The completion has no well-formed fenced program", true));
    }
    int timeoutMs = problem.timeoutMs() == null ? settings.caseTimeoutMs() : problem.timeoutMs();
    return sandbox.submit(
        new SandboxJob(
            problem.id() + "/" + sample.getMember(),
            program.get(),
            problem.tests(),
            problem.setup(),
            problem.entryPoint(),
            timeoutMs,
            OnTimeout.CASE));
  }

  /** A prompt is continued; a question is answered with a fenced block. */
  private static Optional<String> program(Problem problem, String text) {
    return problem.prompt() != null
        ? Optional.of(problem.programOf(text))
        : CompletionFormat.PYTHON.read(text).runnable();
  }

  private static JudgedSample judged(Sample sample, Verdict verdict) {
    int[] stepMap = sample.getStepMapList().stream().mapToInt(Integer::intValue).toArray();
    float[] confidences = new float[sample.getConfidencesCount()];
    for (int k = 0; k < confidences.length; k++) {
      confidences[k] = sample.getConfidences(k);
    }
    return new JudgedSample(sample.getMember(), sample.getText(), stepMap, confidences, verdict);
  }
}
