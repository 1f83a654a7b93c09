package io.couplet.sandbox;

import java.util.List;
import java.util.Objects;

/**
 * One program and the tests it has to pass.
 *
 * <p>Nothing is checked here beyond presence: a program or a test that cannot be judged yields
 * {@link Verdict.Invalid}, never an exception.
 *
 * @param id names the job in logs and errors
 * @param program source text of the solution, untrusted
 * @param tests one case each; source text that only the judge sees
 * @param setup source text that the judge runs before the tests, or null
 * @param entryPoint name under test, or null to derive it from the tests
 * @param timeoutMs time for one case (loading the program counts as one), milliseconds, at least 1
 */
public record SandboxJob(
    String id,
    String program,
    List<String> tests,
    String setup,
    String entryPoint,
    int timeoutMs,
    OnTimeout onTimeout) {
  public SandboxJob {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(onTimeout, "onTimeout");
    tests = List.copyOf(tests);
    if (timeoutMs < 1) {
      throw new IllegalArgumentException(
          "Job " + id + ": the time limit of a case must be at least 1 ms, not " + timeoutMs);
    }
  }
}
