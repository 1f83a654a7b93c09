package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real problems with solutions that are known to pass; skipped where the data set is absent. */
class MbppIT {
  private static List<SandboxJob> solutions;
  private static SandboxPool pool;

  @BeforeAll
  static void open() {
    solutions = MbppProblems.readOrSkip();
    pool = SandboxPool.open(Pools.twoWorkers());
  }

  @AfterAll
  static void close() {
    if (pool != null) {
      pool.close();
    }
  }

  @Test
  void everySolutionPassesWithAndWithoutTheEntryPoint() {
    Map<String, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
    for (SandboxJob solution : solutions) {
      verdicts.put(solution.id(), pool.submit(solution));
      verdicts.put(
          solution.id() + " without entry point",
          pool.submit(with(solution, solution.program(), null)));
    }
    verdicts.forEach((id, verdict) -> assertThat(verdict.join().passRate()).as(id).hasValue(1));
  }

  @Test
  void aRightAnswerWrappedInAWrongOneScoresNothing() {
    Map<String, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
    for (SandboxJob solution : solutions) {
      String entry = solution.entryPoint();
      String wrong =
          solution.program()
              + "\n_right = "
              + entry
              + "\ndef "
              + entry
              + "(*args, **named):\n"
              + "    return ('wrong', _right(*args, **named))\n";
      verdicts.put(solution.id(), pool.submit(with(solution, wrong, entry)));
    }
    verdicts.forEach((id, verdict) -> assertThat(verdict.join().passRate()).as(id).hasValue(0));
  }

  private static SandboxJob with(SandboxJob solution, String program, String entry) {
    return new SandboxJob(
        solution.id(),
        program,
        solution.tests(),
        null,
        entry,
        solution.timeoutMs(),
        OnTimeout.CASE);
  }
}
