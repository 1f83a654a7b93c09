package io.couplet.problems;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Typed access to the keys of one JSON object. Every mistake is an {@link InvalidProblemException}
 * whose message is a clause that names the key, what was expected and what was found.
 */
final class JsonFields {
  private final ObjectNode object;

  JsonFields(ObjectNode object) {
    this.object = object;
  }

  static String kindOf(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  boolean has(String key) {
    return object.hasNonNull(key);
  }

  /** The value as it stands; absent and null are refused. */
  JsonNode value(String key) {
    if (!has(key)) {
      throw new InvalidProblemException("lacks the key '" + key + "'");
    }
    return object.get(key);
  }

  String text(String key) {
    JsonNode node = value(key);
    if (!node.isTextual()) {
      throw wrong(key, "a string", node);
    }
    return node.textValue();
  }

  /** The text, or null when the key is absent or null. */
  String optionalText(String key) {
    return has(key) ? text(key) : null;
  }

  /** The text, or null when it is absent, null or blank. */
  String textUnlessBlank(String key) {
    String text = optionalText(key);
    return text == null || text.isBlank() ? null : text;
  }

  /** A string or a whole number as text: files name their tasks either way. */
  String identifier(String key) {
    JsonNode node = value(key);
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw wrong(key, "a string or a whole number", node);
    }
    return node.asText();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(key)) {
      if (!element.isTextual()) {
        throw new InvalidProblemException(
            "has a " + kindOf(element) + " in '" + key + "', where only strings are expected");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  List<String> optionalTexts(String key) {
    return has(key) ? texts(key) : List.of();
  }

  JsonNode array(String key) {
    JsonNode node = value(key);
    if (!node.isArray()) {
      throw wrong(key, "an array", node);
    }
    return node;
  }

  /** A finite number, or null when absent. */
  Double optionalNumber(String key) {
    if (!has(key)) {
      return null;
    }
    JsonNode node = value(key);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(key, "a finite number", node);
    }
    return node.doubleValue();
  }

  private static InvalidProblemException wrong(String key, String expected, JsonNode found) {
    return new InvalidProblemException(
        "has a " + kindOf(found) + " at '" + key + "', where " + expected + " is expected");
  }
}
