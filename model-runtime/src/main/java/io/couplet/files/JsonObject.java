package io.couplet.files;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A JSON object of a file, read key by key; every error names the file, the key, what was expected
 * and what was found. A key whose value is null counts as absent. Immutable.
 */
public final class JsonObject {
  private static final int SHOWN = 60;

  private final Path file;
  private final String prefix;
  private final Map<String, Object> values;

  private JsonObject(Path file, String prefix, Map<String, Object> values) {
    this.file = file;
    this.prefix = prefix;
    this.values = Collections.unmodifiableMap(values);
  }

  static JsonObject of(Path file, Object map) {
    return new JsonObject(file, "", typed(map));
  }

  private static Map<String, Object> typed(Object map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    ((Map<?, ?>) map).forEach((key, value) -> copy.put((String) key, value));
    return copy;
  }

  public Path file() {
    return file;
  }

  /** Keys in the order of the file, also those whose value is null. */
  public Set<String> keys() {
    return values.keySet();
  }

  public boolean has(String key) {
    return values.get(key) != null;
  }

  /**
   * The values as maps, lists, strings, Boolean, Long, BigInteger, Double and null; unmodifiable.
   */
  public Map<String, Object> asMap() {
    return values;
  }

  public Object value(String key) {
    if (!has(key)) {
      throw new InvalidFileException(file, "the required key " + prefix + key + " is missing");
    }
    return values.get(key);
  }

  public String text(String key) {
    if (value(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "a string");
  }

  /** An integer from -2^31 to 2^31 - 1. */
  public int integer(String key) {
    if (value(key) instanceof Long number && number.intValue() == number) {
      return number.intValue();
    }
    throw wrong(key, "an integer below 2^31");
  }

  public double number(String key) {
    if (value(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(key, "a number");
  }

  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (values.get(key) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "true or false");
  }

  public JsonObject object(String key) {
    if (value(key) instanceof Map<?, ?> map) {
      return new JsonObject(file, prefix + key + ".", typed(map));
    }
    throw wrong(key, "an object");
  }

  public List<?> list(String key) {
    if (value(key) instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "a list");
  }

  /** The objects of a list. */
  public List<JsonObject> objects(String key) {
    List<?> list = list(key);
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map<?, ?>)) {
        throw new InvalidFileException(
            file,
            "%s%s[%d] must be an object, found %s"
                .formatted(prefix, key, i, describe(list.get(i))));
      }
    }
    return IntStream.range(0, list.size())
        .mapToObj(i -> new JsonObject(file, prefix + key + "[" + i + "].", typed(list.get(i))))
        .toList();
  }

  /** Refuses keys that the reader does not understand. */
  public void allowOnly(String... known) {
    for (String key : values.keySet()) {
      if (!Arrays.asList(known).contains(key)) {
        throw new InvalidFileException(
            file,
            "key " + prefix + key + " is not supported; known here: " + String.join(", ", known));
      }
    }
  }

  public InvalidFileException wrong(String key, String expected) {
    return new InvalidFileException(
        file,
        "key " + prefix + key + " must be " + expected + ", found " + describe(values.get(key)));
  }

  /** The value as errors show it, shortened. */
  static String describe(Object value) {
    if (value instanceof Map<?, ?>) {
      return "an object";
    }
    if (value instanceof List<?> list) {
      return "a list of " + list.size();
    }
    String text = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
