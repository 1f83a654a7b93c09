package io.couplet.problems.imports;

import io.couplet.problems.JsonFields;
import io.couplet.problems.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Full: {@code task_id, text, code, test_list, test_setup_code}; sanitized: {@code prompt} and
 * {@code test_imports} in place of text and setup. The name under test, which the sentence does not
 * give, comes from the first test; the template {@code released} shows that test.
 */
final class Mbpp {
  private static final Pattern CALLED =
      Pattern.compile("\\bassert\\s+(?:not\\s+)?\\(*([A-Za-z_]\\w*)\\(");
  private static final List<String> WRAPPERS =
      List.of(
          "set", "sorted", "list", "tuple", "dict", "len", "abs", "round", "str", "int", "float");

  private Mbpp() {}

  static Problem problem(JsonFields fields) {
    List<String> tests = fields.someTexts("test_list");
    String entryPoint = entryPoint(tests.get(0));
    String text = fields.textNotBlank(fields.has("text") ? "text" : "prompt").strip();
    return new Problem(
        "mbpp/" + fields.identifier("task_id"),
        text,
        null,
        null,
        tests,
        entryPoint,
        setup(fields),
        fields.textUnlessBlank("code"),
        null,
        List.of("source:mbpp"));
  }

  private static String setup(JsonFields fields) {
    if (fields.has("test_setup_code")) {
      return fields.textUnlessBlank("test_setup_code");
    }
    List<String> imports = fields.optionalTexts("test_imports");
    return imports.isEmpty() ? null : String.join("\n", imports);
  }

  /** The function that a test calls, seen through conversions around the call; or null. */
  private static String entryPoint(String test) {
    Matcher call = CALLED.matcher(test);
    if (!call.find()) {
      return null;
    }
    if (!WRAPPERS.contains(call.group(1))) {
      return call.group(1);
    }
    Matcher inner = Pattern.compile("\\(\\s*([A-Za-z_]\\w*)\\(").matcher(test);
    return inner.find(call.start()) ? inner.group(1) : null;
  }
}
