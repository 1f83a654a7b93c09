package io.couplet.problems.families;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as Python writes them. */
public final class PythonLiteral {
  private PythonLiteral() {}

  /** The literal of a {@code Long}, {@code Boolean}, {@code String}, list or map of these. */
  public static String of(Object value) {
    if (value instanceof Long number) {
      return number.toString();
    }
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    if (value instanceof String text) {
      return quoted(text);
    }
    if (value instanceof List<?> items) {
      return items.stream().map(PythonLiteral::of).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> table) {
      return table.entrySet().stream()
          .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    throw new IllegalArgumentException(
        "No Python literal for a " + (value == null ? "null" : value.getClass().getName()));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("'");
    text.chars()
        .forEach(
            c -> {
              if (c == '\'' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('\'').toString();
  }
}
