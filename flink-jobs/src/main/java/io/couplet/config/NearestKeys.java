package io.couplet.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The known keys that an unknown one most likely meant: those of its own section first, then those
 * of other sections that are all but the same. Empty when none is near.
 */
final class NearestKeys {
  private static final double ELSEWHERE = 0.35;
  private static final double TIE = 0.05;
  private static final int MOST = 3;

  private NearestKeys() {}

  /**
   * @param path the section in which the key was set; empty for the whole configuration
   * @param key the unknown key, without the section
   * @param siblings known keys of that section
   * @return whole paths, nearest first, at most 3
   */
  static List<String> of(String path, String key, Collection<String> siblings) {
    Map<String, Double> near = new LinkedHashMap<>();
    for (String sibling : siblings) {
      keep(near, ConfigBinder.join(path, sibling), KeyDistance.between(key, sibling), 1);
    }
    // At the top stand section names; whoever writes a key there has left the section out.
    if (near.isEmpty() || path.isEmpty()) {
      elsewhere(RunConfig.defaults(), "", key, near);
    }
    double best = near.values().stream().mapToDouble(each -> each).min().orElse(0);
    return near.entrySet().stream()
        .filter(each -> each.getValue() <= best + TIE)
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .limit(MOST)
        .map(Map.Entry::getKey)
        .collect(Collectors.toList());
  }

  private static void elsewhere(Record section, String path, String key, Map<String, Double> near) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String name = ConfigBinder.keyOf(component);
      String whole = ConfigBinder.join(path, name);
      if (ConfigBinder.read(component, section) instanceof Record below) {
        elsewhere(below, whole, key, near);
      } else {
        double distance =
            Math.min(
                KeyDistance.between(key, name), KeyDistance.between(key, whole.replace('.', '_')));
        keep(near, whole, distance, ELSEWHERE);
      }
    }
  }

  private static void keep(Map<String, Double> near, String key, double distance, double atMost) {
    if (distance <= atMost) {
      near.put(key, distance);
    }
  }
}
