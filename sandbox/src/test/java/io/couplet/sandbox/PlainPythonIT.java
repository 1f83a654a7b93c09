package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** For honest programs the sandbox says, case by case, what a plain interpreter says. */
class PlainPythonIT {
  /** Every so many problems of MBPP; all of them take minutes of interpreter starts. */
  private static final int STEP = Pools.longTests() ? 1 : 12;

  @Test
  void theHonestCorpusPassesTheSameCases() {
    compare(CorpusProgram.in("honest").stream().map(CorpusProgram::job).toList());
  }

  @Test
  void solutionsThatAreRightSometimesPassTheSameCases() {
    List<SandboxJob> jobs = new ArrayList<>();
    List<SandboxJob> solutions = MbppProblems.readOrSkip();
    for (int i = 0; i < solutions.size(); i += STEP) {
      jobs.add(sometimesWrong(solutions.get(i)));
    }
    List<List<Boolean>> patterns = compare(jobs);
    // It would mean little if all cases passed, or none.
    assertThat(patterns.stream().flatMap(List::stream)).contains(true, false);
  }

  /** Wraps the answer for about half of the arguments. */
  private static SandboxJob sometimesWrong(SandboxJob solution) {
    String entry = solution.entryPoint();
    String program =
        solution.program()
            + "\n_right = "
            + entry
            + "\ndef "
            + entry
            + "(*args, **named):\n"
            + "    odd = sum(repr(args).encode()) % 2\n"
            + "    answer = _right(*args, **named)\n"
            + "    return answer if odd else ('wrong', answer)\n";
    return new SandboxJob(
        solution.id(),
        program,
        solution.tests(),
        solution.setup(),
        entry,
        solution.timeoutMs(),
        solution.onTimeout());
  }

  private static List<List<Boolean>> compare(List<SandboxJob> jobs) {
    List<List<Boolean>> patterns = new ArrayList<>();
    try (SandboxPool pool = SandboxPool.open(Pools.twoWorkers())) {
      PlainPython plain = new PlainPython(pool.interpreter());
      Map<SandboxJob, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
      jobs.forEach(job -> verdicts.put(job, pool.submit(job)));
      SoftAssertions softly = new SoftAssertions();
      verdicts.forEach(
          (job, future) -> {
            Verdict verdict = future.join();
            List<Boolean> expected = plain.passes(job);
            patterns.add(expected);
            softly
                .assertThat(
                    verdict.cases().stream().map(c -> c.outcome() == CaseOutcome.PASSED).toList())
                .as("%s: %s", job.id(), verdict)
                .isEqualTo(expected);
          });
      softly.assertAll();
    }
    return patterns;
  }
}
