package io.couplet.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A key that two configurations do not agree on. Secrets are never shown.
 *
 * @param key as in {@code --set}
 */
public record ConfigChange(String key, String left, String right) {

  /** Every key whose values differ, in alphabetical order. */
  public static List<ConfigChange> between(RunConfig left, RunConfig right) {
    Map<String, String> a = flat(left);
    Map<String, String> b = flat(right);
    TreeSet<String> keys = new TreeSet<>(a.keySet());
    keys.addAll(b.keySet());
    List<ConfigChange> changes = new ArrayList<>();
    for (String key : keys) {
      String before = a.getOrDefault(key, "");
      String after = b.getOrDefault(key, "");
      if (!before.equals(after)) {
        changes.add(new ConfigChange(key, before, after));
      }
    }
    return changes;
  }

  private static Map<String, String> flat(RunConfig config) {
    Map<String, String> values = new TreeMap<>();
    flatten("", ConfigYaml.publicTree(config), values);
    return values;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> values) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  flatten(
                      prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                      field.getValue(),
                      values));
    } else {
      values.put(prefix, node.isValueNode() ? node.asText() : node.toString());
    }
  }
}
