package io.couplet.problems.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON values as Python literals. Every digit of a number is kept. */
final class PythonValue {
  private PythonValue() {}

  static String of(JsonNode node) {
    if (node.isNull()) {
      return "None";
    }
    if (node.isBoolean()) {
      return node.booleanValue() ? "True" : "False";
    }
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue().toString();
    }
    if (node.isNumber()) {
      return number(node);
    }
    if (node.isTextual()) {
      return quoted(node.textValue());
    }
    List<String> parts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(element -> parts.add(of(element)));
      return "[" + String.join(", ", parts) + "]";
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      parts.add(quoted(entry.getKey()) + ": " + of(entry.getValue()));
    }
    return "{" + String.join(", ", parts) + "}";
  }

  private static String number(JsonNode node) {
    double value = node.doubleValue();
    if (node.isBigDecimal()) {
      String digits = node.decimalValue().toString();
      return digits.matches("-?\\d+") ? digits + ".0" : digits;
    }
    return Double.isFinite(value) ? Double.toString(value) : "float('" + value + "')";
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        quoted.append(String.format("\\x%02x", (int) c));
      } else if (c > '~') {
        int point = text.codePointAt(i);
        quoted.append(String.format(point > 0xffff ? "\\U%08x" : "\\u%04x", point));
        i += Character.charCount(point) - 1;
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('\'').toString();
  }
}
