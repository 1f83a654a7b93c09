package io.couplet.problems.imports;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.problems.InvalidProblemException;
import io.couplet.problems.JsonFields;
import io.couplet.problems.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code task_id, prompt, entry_point, canonical_solution, base_input, plus_input, atol}. The file
 * holds inputs without answers: the setup defines the canonical solution beside the program, and
 * each input is one case that compares the two, numbers within the tolerance. So the answers are
 * found where the tests run, in the sandbox, and never while importing.
 */
final class EvalPlus {
  /** Tolerance for floating-point answers where the file asks for exact ones. */
  private static final double DEFAULT_TOLERANCE = 1e-6;

  private static final String SETUP =
      """
      import copy as _copy

      _reference = {}
      exec(%s, _reference)


      def _close(found, expected):
          if isinstance(expected, float) or isinstance(found, float):
              try:
                  if expected == found or (expected != expected and found != found):
                      return True
                  return abs(found - expected) <= %s + 1e-7 * abs(expected)
              except TypeError:
                  return False
          if isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
              return len(found) == len(expected) and all(map(_close, found, expected))
          if isinstance(expected, dict) and isinstance(found, dict):
              return found.keys() == expected.keys() and all(
                  _close(found[key], expected[key]) for key in expected)
          return found == expected


      def _agrees(function, arguments):
          expected = _reference[%s](*_copy.deepcopy(arguments))
          return _close(function(*arguments), expected)
      """;

  private EvalPlus() {}

  static Problem problem(JsonFields fields) {
    String entryPoint = PythonNames.checked("entry_point", fields.text("entry_point"));
    String prompt = fields.textNotBlank("prompt");
    String solution = fields.textNotBlank("canonical_solution");
    Double tolerance = fields.optionalNumber("atol");
    if (tolerance != null && tolerance < 0) {
      throw new InvalidProblemException("has a negative 'atol', " + tolerance);
    }
    String setup =
        SETUP.formatted(
            PythonValue.quoted(prompt + solution),
            tolerance == null || tolerance == 0 ? DEFAULT_TOLERANCE : tolerance,
            PythonValue.quoted(entryPoint));
    return new Problem(
        fields.identifier("task_id"),
        null,
        null,
        prompt,
        tests(fields, entryPoint),
        entryPoint,
        setup,
        solution,
        null,
        List.of("source:evalplus"));
  }

  private static List<String> tests(JsonFields fields, String entryPoint) {
    List<String> tests = new ArrayList<>();
    for (String key : List.of("base_input", "plus_input")) {
      if (!fields.has(key)) {
        continue;
      }
      for (JsonNode arguments : fields.array(key)) {
        if (!arguments.isArray()) {
          throw new InvalidProblemException(
              "has an input in '" + key + "' that is no array of arguments");
        }
        tests.add("assert _agrees(" + entryPoint + ", " + PythonValue.of(arguments) + ")");
      }
    }
    if (tests.isEmpty()) {
      throw new InvalidProblemException(
          "has no input in 'base_input' or 'plus_input'; nothing could be tested");
    }
    return tests;
  }
}
