package io.couplet.problems.families;

import io.couplet.random.RandomStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Chooses the tests of an exercise: calls whose answers, taken together, no trivial function gives.
 * Trivial is to answer always the same, or always one of the arguments. Each such function fails at
 * least one test; most fail nearly all.
 */
public final class TestCases {
  /** Tests of every exercise. */
  public static final int COUNT = 8;

  private static final int CANDIDATES = 60;

  private record Call(Arguments arguments, Object expected) {}

  private TestCases() {}

  /** The assert statements, or nothing when some trivial function passes every call drawn. */
  public static Optional<List<String>> of(Exercise exercise, RandomStream random) {
    List<Call> candidates = candidates(exercise, random);
    List<Predicate<Call>> trivial = trivialFunctions(exercise, candidates);
    int[] failures = new int[trivial.size()];
    List<Call> chosen = new ArrayList<>();
    while (chosen.size() < COUNT && !candidates.isEmpty()) {
      Call best = mostTelling(candidates, trivial, failures);
      candidates.remove(best);
      chosen.add(best);
      for (int i = 0; i < failures.length; i++) {
        failures[i] += trivial.get(i).test(best) ? 0 : 1;
      }
    }
    for (int failed : failures) {
      if (failed == 0) {
        return Optional.empty();
      }
    }
    return chosen.size() < COUNT
        ? Optional.empty()
        : Optional.of(chosen.stream().map(TestCases::statement).toList());
  }

  private static List<Call> candidates(Exercise exercise, RandomStream random) {
    CallInputs inputs = new CallInputs(exercise, random);
    Set<Arguments> distinct = new LinkedHashSet<>();
    for (int attempt = 0; attempt < CANDIDATES; attempt++) {
      distinct.add(inputs.draw(attempt));
    }
    List<Call> calls = new ArrayList<>();
    for (Arguments arguments : distinct) {
      Object expected = exercise.meaning().of(arguments);
      if (expected != null) {
        calls.add(new Call(arguments, expected));
      }
    }
    return calls;
  }

  /** Whether each trivial function answers a call rightly. */
  private static List<Predicate<Call>> trivialFunctions(Exercise exercise, List<Call> calls) {
    List<Predicate<Call>> functions = new ArrayList<>();
    for (int i = 0; i < exercise.parameters().size(); i++) {
      int position = i;
      functions.add(call -> call.expected().equals(call.arguments().values().get(position)));
    }
    for (Object answer : calls.stream().map(Call::expected).collect(Collectors.toSet())) {
      functions.add(call -> call.expected().equals(answer));
    }
    return functions;
  }

  /** The call that refutes most; a function refuted before counts half as much each time. */
  private static Call mostTelling(
      List<Call> candidates, List<Predicate<Call>> trivial, int[] failures) {
    Call best = null;
    double most = -1;
    for (Call call : candidates) {
      double worth = 0;
      for (int i = 0; i < failures.length; i++) {
        worth += trivial.get(i).test(call) ? 0 : Math.scalb(1.0, -failures[i]);
      }
      if (worth > most) {
        most = worth;
        best = call;
      }
    }
    return best;
  }

  private static String statement(Call call) {
    String arguments =
        call.arguments().values().stream().map(PythonLiteral::of).collect(Collectors.joining(", "));
    return "assert "
        + Exercise.ENTRY_POINT
        + "("
        + arguments
        + ") == "
        + PythonLiteral.of(call.expected());
  }
}
