package io.couplet.problems.imports;

import io.couplet.problems.JsonFields;
import io.couplet.problems.Problem;
import java.util.List;

/** {@code id, question, test_cases}; further keys (inferences and the like) are left behind. */
final class AceCode {
  private AceCode() {}

  static Problem problem(JsonFields fields) {
    return new Problem(
        fields.identifier("id"),
        fields.textNotBlank("question"),
        null,
        null,
        fields.someTexts("test_cases"),
        fields.textUnlessBlank("entry_point"),
        null,
        fields.textUnlessBlank("solution"),
        null,
        List.of("source:acecode"));
  }
}
