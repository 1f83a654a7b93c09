package io.couplet.problems.imports;

import io.couplet.problems.JsonFields;
import io.couplet.problems.Problem;
import java.util.List;

/**
 * {@code task_id, prompt, entry_point, canonical_solution, test}. The check function is one case
 * with its call, as the collection defines a pass, and it is defined after the program, which
 * therefore cannot replace it.
 */
final class HumanEval {
  private HumanEval() {}

  static Problem problem(JsonFields fields) {
    String entryPoint = PythonNames.checked("entry_point", fields.text("entry_point"));
    String test = fields.textNotBlank("test").stripTrailing();
    return new Problem(
        fields.identifier("task_id"),
        null,
        null,
        fields.textNotBlank("prompt"),
        List.of(test + "\n\ncheck(" + entryPoint + ")\n"),
        entryPoint,
        null,
        fields.textUnlessBlank("canonical_solution"),
        null,
        List.of("source:humaneval"));
  }
}
