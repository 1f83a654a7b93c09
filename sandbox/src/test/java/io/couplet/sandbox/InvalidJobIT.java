package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be judged is refused with a sentence that says whose fault it is. */
class InvalidJobIT {
  private static final String PROGRAM = "def f(x):\n    return x\n";
  private static SandboxPool pool;

  @BeforeAll
  static void open() {
    pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(1));
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static Verdict judge(String program, String setup, String entry, String... tests) {
    return pool.submit(
            new SandboxJob("job", program, List.of(tests), setup, entry, 10_000, OnTimeout.CASE))
        .join();
  }

  private static void refused(Verdict verdict, boolean programAtFault, String... words) {
    assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
    assertThat(((Verdict.Invalid) verdict).programAtFault()).isEqualTo(programAtFault);
    assertThat(verdict.passRate()).isEmpty();
    assertThat(verdict.reason().orElseThrow()).contains(words);
  }

  @Test
  void programsThatAreNoText() {
    refused(judge("x = 1\0", null, null, "assert x == 1"), true, "NUL", "position 5");
    refused(judge("x = '\ud800'", null, null, "assert x == 1"), true, "surrogate", "U+D800");
    refused(judge("x = 1\n".repeat(2_000_000), null, null, "assert x == 1"), true, "too long");
  }

  @Test
  void programsNestedBeyondTheParser() {
    refused(judge("x = " + "-".repeat(200_000) + "1", null, null, "assert x"), true, "parse");
    refused(judge("x = " + "(".repeat(5_000), null, null, "assert x"), true, "too many");
  }

  @Test
  void aProgramThatDoesNotParseIsAFailureNotAnInvalidJob() {
    Verdict verdict = judge("def f(x)\n", null, null, "assert f(1) == 1");
    assertThat(verdict.outcomeName()).isEqualTo("FAILED");
    assertThat(verdict.passRate()).hasValue(0);
    assertThat(verdict.programParses()).hasValue(false);
  }

  /** The child is gone before the judge has sent the calls of all tests ahead. */
  @Test
  void aProgramThatDoesNotParseIsRecognisedHoweverManyTestsFollow() {
    String[] tests = new String[400];
    Arrays.setAll(tests, i -> "assert f(%d) == '%s'".formatted(i, "x".repeat(100)));
    for (int repetition = 0; repetition < 20; repetition++) {
      Verdict verdict = judge("def f(x)\n", null, null, tests);
      assertThat(verdict.programParses()).hasValue(false);
      assertThat(verdict.passRate()).hasValue(0);
    }
  }

  @Test
  void testsThatCannotBeJudged() {
    refused(judge(PROGRAM, null, null), false, "no tests");
    refused(judge(PROGRAM, null, null, "assert f(1 =="), false, "Test 1", "parse");
    refused(judge(PROGRAM, null, null, "assert f(1) == 1", "assert f(\0)"), false, "Test 2", "NUL");
    refused(judge(PROGRAM, "import (", null, "assert f(1) == 1"), false, "setup", "parse");
    refused(judge(PROGRAM, "boom()[", null, "assert f(1) == 1"), false, "setup");
    refused(judge(PROGRAM, "1 / 0", null, "assert f(1) == 1"), false, "setup", "ZeroDivision");
    refused(
        judge(PROGRAM, null, null, "import nowhere_to_be_found\nassert f(1)"), false, "imports");
    refused(judge(PROGRAM, null, null, "assert eval('f(1)') == 1"), false, "eval");
    refused(judge(PROGRAM, null, null, "def check(candidate):\n    pass"), false, "entry point");
    refused(
        judge(PROGRAM, null, null, "class T:\n    pass\nassert f(T())"), false, "Test 1", "travel");
    refused(judge(PROGRAM, null, null, "assert " + "(".repeat(5000)), false, "Test 1", "parse");
  }

  @Test
  void theWorkerJudgesOnAfterEveryRefusal() {
    assertThat(judge(PROGRAM, null, null, "assert f(7) == 7").passRate()).hasValue(1);
    assertThat(pool.statistics().workerRestarts()).isZero();
  }
}
