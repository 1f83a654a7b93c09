package io.couplet.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lays a tree of YAML values over a record of defaults, key by key, refusing what it does not know.
 */
final class ConfigBinder {
  private ConfigBinder() {}

  /** A copy of {@code defaults} with the values of {@code tree}; nested records are merged. */
  static <R extends Record> R bind(R defaults, JsonNode tree, String path) {
    if (!tree.isObject()) {
      throw new ConfigException(where(path) + " must hold keys and values, not " + describe(tree));
    }
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    Map<String, RecordComponent> known = new LinkedHashMap<>();
    for (RecordComponent component : components) {
      known.put(keyOf(component), component);
    }
    tree.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.containsKey(key)) {
                throw new ConfigException(unknown(path, key, known.keySet()));
              }
            });
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = keyOf(components[i]);
      Object fallback = read(components[i], defaults);
      JsonNode node = tree.get(key);
      values[i] =
          node == null || node.isNull()
              ? fallback
              : value(components[i], node, fallback, join(path, key));
    }
    return construct(defaults, components, values);
  }

  private static String unknown(String path, String key, Collection<String> known) {
    List<String> nearest = NearestKeys.of(path, key, known);
    return "Unknown key "
        + join(path, key)
        + (nearest.isEmpty()
            ? "; " + (path.isEmpty() ? "there are " : path + " has ") + String.join(", ", known)
            : "; did you mean " + String.join(" or ", nearest) + "?");
  }

  /** The key of a record component: camelCase in Java, snake_case in YAML. */
  static String keyOf(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  static Object read(RecordComponent component, Object owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("A public record component can be read: " + component, e);
    }
  }

  private static Object value(
      RecordComponent component, JsonNode node, Object fallback, String path) {
    Class<?> type = component.getType();
    if (fallback instanceof Record section) {
      return bind(section, node, path);
    }
    if (type == String.class) {
      return scalar(node, path, "text").asText();
    }
    if (type == boolean.class) {
      require(node.isBoolean(), path, "true or false", node);
      return node.booleanValue();
    }
    if (type == int.class) {
      require(node.canConvertToInt() && node.isIntegralNumber(), path, "a whole number", node);
      return node.intValue();
    }
    if (type == long.class) {
      require(node.canConvertToLong() && node.isIntegralNumber(), path, "a whole number", node);
      return node.longValue();
    }
    if (type == double.class) {
      return number(node, path);
    }
    if (type.isEnum()) {
      return constant(type, scalar(node, path, "a name").asText(), path);
    }
    if (type == List.class) {
      return strings(node, path);
    }
    if (type == Map.class) {
      return stringMap((Map<?, ?>) fallback, node, path);
    }
    throw new IllegalStateException("No rule binds a configuration value of type " + type);
  }

  /** YAML 1.1 reads 1e-4 (no point) as text; people write it, so it counts as a number. */
  private static double number(JsonNode node, String path) {
    if (node.isTextual()) {
      try {
        return Double.parseDouble(node.asText());
      } catch (NumberFormatException e) {
        throw new ConfigException(path + " must be a number, not " + describe(node), e);
      }
    }
    require(node.isNumber(), path, "a number", node);
    return node.doubleValue();
  }

  private static JsonNode scalar(JsonNode node, String path, String expected) {
    require(node.isValueNode(), path, expected, node);
    return node;
  }

  private static Object constant(Class<?> type, String text, String path) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw new ConfigException(
        path + " must be one of " + String.join(", ", names) + ", not '" + text + "'");
  }

  private static List<String> strings(JsonNode node, String path) {
    if (node.isTextual()) {
      return Arrays.stream(node.asText().split(",", -1))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    }
    require(node.isArray(), path, "a list", node);
    List<String> items = new ArrayList<>();
    node.forEach(item -> items.add(scalar(item, path, "a list of text").asText()));
    return items;
  }

  /** Keys that are set are added to those that were, as with sections. */
  private static Map<String, String> stringMap(Map<?, ?> fallback, JsonNode node, String path) {
    require(node.isObject(), path, "keys and values", node);
    Map<String, String> map = new LinkedHashMap<>();
    fallback.forEach((key, value) -> map.put((String) key, (String) value));
    flatten("", node, path, map);
    return map;
  }

  /** {@code --set kafka.properties.security.protocol=SSL} nests what the client calls one key. */
  private static void flatten(String prefix, JsonNode node, String path, Map<String, String> into) {
    node.properties()
        .forEach(
            field -> {
              String key = join(prefix, field.getKey());
              if (field.getValue().isObject()) {
                flatten(key, field.getValue(), path, into);
              } else {
                into.put(key, scalar(field.getValue(), path + "." + key, "text").asText());
              }
            });
  }

  private static <R extends Record> R construct(
      R like, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      @SuppressWarnings("unchecked")
      R made = (R) like.getClass().getDeclaredConstructor(types).newInstance(values);
      return made;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("A record has its canonical constructor", e);
    }
  }

  private static void require(boolean holds, String path, String expected, JsonNode found) {
    if (!holds) {
      throw new ConfigException(path + " must be " + expected + ", not " + describe(found));
    }
  }

  private static String describe(JsonNode node) {
    String text = node.toString();
    return text.length() > 80 ? text.substring(0, 77) + "..." : text;
  }

  private static String where(String path) {
    return path.isEmpty() ? "The configuration" : path;
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
