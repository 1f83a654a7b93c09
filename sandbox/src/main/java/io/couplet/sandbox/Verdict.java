package io.couplet.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the judge says about a program, and whose fault it is when there is nothing to say. */
public sealed interface Verdict {

  /** Evidence case by case, in the order of the tests; empty where nothing was run. */
  List<CaseResult> cases();

  /** Cases passed / cases, in [0, 1]; empty for {@link Invalid} and {@link Infrastructure}. */
  OptionalDouble passRate();

  /** PASSED, FAILED, TIMEOUT, INVALID or INFRASTRUCTURE, as it stands in records and files. */
  String outcomeName();

  /** Why the program did not pass, one sentence; empty for {@link Passed}. */
  Optional<String> reason();

  /** Whether the program is syntactically a program; empty where the judge could not tell. */
  Optional<Boolean> programParses();

  /** Every case passed. */
  record Passed(List<CaseResult> cases) implements Verdict {
    public Passed {
      cases = List.copyOf(cases);
    }

    @Override
    public OptionalDouble passRate() {
      return OptionalDouble.of(1);
    }

    @Override
    public String outcomeName() {
      return "PASSED";
    }

    @Override
    public Optional<String> reason() {
      return Optional.empty();
    }

    @Override
    public Optional<Boolean> programParses() {
      return Optional.of(true);
    }
  }

  /**
   * At least one case failed and none ran out of time.
   *
   * @param parses whether the program is syntactically a program
   * @param why the first failure, one sentence
   */
  record Failed(List<CaseResult> cases, boolean parses, String why) implements Verdict {
    public Failed {
      cases = List.copyOf(cases);
    }

    @Override
    public OptionalDouble passRate() {
      return shareOfPassed(cases);
    }

    @Override
    public String outcomeName() {
      return "FAILED";
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }

    @Override
    public Optional<Boolean> programParses() {
      return Optional.of(parses);
    }
  }

  /**
   * At least one case, or loading the program, ran out of time.
   *
   * @param onTimeout under COMPLETION the pass rate is 0 whatever the other cases did
   */
  record TimedOut(List<CaseResult> cases, OnTimeout onTimeout, String why) implements Verdict {
    public TimedOut {
      cases = List.copyOf(cases);
    }

    @Override
    public OptionalDouble passRate() {
      return onTimeout == OnTimeout.COMPLETION ? OptionalDouble.of(0) : shareOfPassed(cases);
    }

    @Override
    public String outcomeName() {
      return "TIMEOUT";
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }

    @Override
    public Optional<Boolean> programParses() {
      return Optional.of(true);
    }
  }

  /**
   * The job cannot be judged: its tests do not parse or compare what only the program could decide,
   * or its program is no text that an interpreter could read.
   *
   * @param programAtFault true when the program text is to blame (NUL bytes, unpaired surrogates,
   *     over the size limit, nested too deeply): a learner may then score it 0; false when the
   *     tests are, and then nothing may be learned from it
   */
  record Invalid(String why, boolean programAtFault) implements Verdict {
    @Override
    public List<CaseResult> cases() {
      return List.of();
    }

    @Override
    public OptionalDouble passRate() {
      return OptionalDouble.empty();
    }

    @Override
    public String outcomeName() {
      return "INVALID";
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }

    @Override
    public Optional<Boolean> programParses() {
      return programAtFault ? Optional.of(false) : Optional.empty();
    }
  }

  /** The sandbox failed, not the program. Never a number; retry later or report. */
  record Infrastructure(String why) implements Verdict {
    @Override
    public List<CaseResult> cases() {
      return List.of();
    }

    @Override
    public OptionalDouble passRate() {
      return OptionalDouble.empty();
    }

    @Override
    public String outcomeName() {
      return "INFRASTRUCTURE";
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }

    @Override
    public Optional<Boolean> programParses() {
      return Optional.empty();
    }
  }

  private static OptionalDouble shareOfPassed(List<CaseResult> cases) {
    long passed = cases.stream().filter(c -> c.outcome() == CaseOutcome.PASSED).count();
    return OptionalDouble.of(cases.isEmpty() ? 0 : (double) passed / cases.size());
  }
}
