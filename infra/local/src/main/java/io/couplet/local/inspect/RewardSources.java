package io.couplet.local.inspect;

import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The reward sources of a run, as their topic holds them. */
public final class RewardSources {
  private RewardSources() {}

  /** Sources in force now, by name. */
  public static Map<String, RewardSource> inForce(RunConnection run) {
    Map<String, RewardSource> sources = new TreeMap<>();
    try (TopicReader<RewardSource> reader =
        new TopicReader<>(run.kafka(), run.topics(), Topic.REWARD_SOURCES)) {
      reader.readToEnd(
          received -> {
            if (received.isTombstone() && received.raw().key() != null) {
              sources.remove(new String(received.raw().key(), StandardCharsets.UTF_8));
            }
            received.value().ifPresent(source -> sources.put(source.getName(), source));
          });
    }
    return sources;
  }

  /** Names of sources in force now or once, for lineage. */
  static Set<String> everHeard(RunConnection run) {
    Set<String> names = new TreeSet<>(Set.of("tests", "format"));
    try (TopicReader<RewardSource> reader =
        new TopicReader<>(run.kafka(), run.topics(), Topic.REWARD_SOURCES)) {
      reader.readToEnd(
          received -> received.value().ifPresent(source -> names.add(source.getName())));
    }
    return names;
  }
}
