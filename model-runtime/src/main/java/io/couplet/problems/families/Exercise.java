package io.couplet.problems.families;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One function to write.
 *
 * @param description what the function returns, in words: its docstring
 * @param body the reference solution, indented, without a line break at the end
 * @param landmarks numbers near which the function may change its answer; tests probe around them
 * @param letters letters that the description names; test strings hold them
 */
public record Exercise(
    List<Parameter> parameters,
    String description,
    String body,
    Meaning meaning,
    List<Long> landmarks,
    List<String> letters) {
  /** Every function has this name. */
  public static final String ENTRY_POINT = "f";

  public Exercise {
    parameters = List.copyOf(parameters);
    landmarks = List.copyOf(landmarks);
    letters = List.copyOf(letters);
  }

  /** Signature and docstring; the model writes what follows. */
  public String prompt() {
    String names = parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    return "def " + ENTRY_POINT + "(" + names + "):\n    \"\"\"" + description + "\"\"\"\n";
  }
}
