package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SandboxPoolIT {
  private static final String ADD = "def add(a, b):\n    return a + b\n";
  private static SandboxPool pool;

  @BeforeAll
  static void open() {
    pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(2));
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static SandboxJob job(String program, String... tests) {
    return new SandboxJob("job", program, List.of(tests), null, null, 5000, OnTimeout.CASE);
  }

  private static Verdict judge(SandboxJob job) {
    return pool.submit(job).join();
  }

  @Test
  void aCorrectProgramPassesEveryCase() {
    Verdict verdict = judge(job(ADD, "assert add(1, 2) == 3", "assert add('a', 'b') == 'ab'"));
    assertThat(verdict).isInstanceOf(Verdict.Passed.class);
    assertThat(verdict.passRate()).hasValue(1);
    assertThat(verdict.cases()).hasSize(2).allMatch(c -> c.outcome() == CaseOutcome.PASSED);
  }

  @Test
  void aWrongValueFailsItsCaseAlone() {
    Verdict verdict = judge(job(ADD, "assert add(1, 2) == 3", "assert add(1, 2) == 4"));
    assertThat(verdict).isInstanceOf(Verdict.Failed.class);
    assertThat(verdict.passRate()).hasValue(0.5);
    assertThat(verdict.reason()).hasValue("assertion failed");
  }

  @Test
  void aProgramHoldsItsStreamsAndItsSocketAndNoDescriptorOfWhoeverStartedIt() {
    String program =
        """
        import os
        def held():
            found = []
            for fd in range(64):
                try:
                    os.fstat(fd)
                    found.append(fd)
                except OSError:
                    pass
            return found
        """;
    assertThat(judge(job(program, "assert held() == [0, 1, 2, 3]")))
        .isInstanceOf(Verdict.Passed.class);
  }

  @Test
  void manyJobsInFlightEachGetTheirOwnVerdict() {
    List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String program = "def f():\n    return " + i + "\n";
      verdicts.add(pool.submit(job(program, "assert f() == " + (i % 2 == 0 ? i : i + 1))));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(verdicts.get(i).join().passRate()).hasValue(i % 2 == 0 ? 1 : 0);
    }
  }
}
