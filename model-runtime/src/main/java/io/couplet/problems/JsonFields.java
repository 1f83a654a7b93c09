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
public final class JsonFields {
  private final ObjectNode object;

  public JsonFields(ObjectNode object) {
    this.object = object;
  }

  static String kindOf(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  public boolean has(String key) {
    return object.hasNonNull(key);
  }

  /** The value as it stands; absent and null are refused. */
  public JsonNode value(String key) {
    if (!has(key)) {
      throw new InvalidProblemException("lacks the key '" + key + "'");
    }
    return object.get(key);
  }

  public String text(String key) {
    JsonNode node = value(key);
    if (!node.isTextual()) {
      throw wrong(key, "a string", node);
    }
    return node.textValue();
  }

  public String textNotBlank(String key) {
    String text = text(key);
    if (text.isBlank()) {
      throw new InvalidProblemException("has a blank '" + key + "'");
    }
    return text;
  }

  /** The text, or null when the key is absent or null. */
  public String optionalText(String key) {
    return has(key) ? text(key) : null;
  }

  /** The text, or null when it is absent, null or blank. */
  public String textUnlessBlank(String key) {
    String text = optionalText(key);
    return text == null || text.isBlank() ? null : text;
  }

  /** A string or a whole number as text: files name their tasks either way. */
  public String identifier(String key) {
    JsonNode node = value(key);
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw wrong(key, "a string or a whole number", node);
    }
    return node.asText();
  }

  public List<String> texts(String key) {
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

  /** At least one string. */
  public List<String> someTexts(String key) {
    List<String> texts = texts(key);
    if (texts.isEmpty()) {
      throw new InvalidProblemException("has no test in '" + key + "'; nothing could be rewarded");
    }
    return texts;
  }

  public List<String> optionalTexts(String key) {
    return has(key) ? texts(key) : List.of();
  }

  public JsonNode array(String key) {
    JsonNode node = value(key);
    if (!node.isArray()) {
      throw wrong(key, "an array", node);
    }
    return node;
  }

  /** A finite number, or null when absent. */
  public Double optionalNumber(String key) {
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
