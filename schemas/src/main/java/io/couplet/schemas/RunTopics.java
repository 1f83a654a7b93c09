package io.couplet.schemas;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Topic names of one run: {@code PREFIX.RUN.ENTITY}.
 *
 * @param prefix first part, shared by all runs on a Kafka cluster
 * @param run name of the run
 */
public record RunTopics(String prefix, String run) implements Serializable {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,79}");

  public RunTopics {
    check("topic prefix", prefix);
    check("run name", run);
  }

  private static void check(String what, String part) {
    if (part == null || !PART.matcher(part).matches()) {
      throw new IllegalArgumentException(
          "A "
              + what
              + " is 1 to 80 letters, digits, '-' and '_', starting with a letter or digit (it becomes"
              + " part of Kafka topic names); found '"
              + part
              + "'");
    }
  }

  /** PREFIX.RUN.ENTITY. */
  public String name(String entity) {
    return prefix + "." + run + "." + entity;
  }

  /** Name of the compacted topic of schemas. */
  public String schemas() {
    return name(Topic.SCHEMAS_ENTITY);
  }

  /** Matches the topic of every reward source, also of those that do not exist yet. */
  public Pattern everyRewardTopic() {
    return Pattern.compile(Pattern.quote(name("rewards.")) + "[A-Za-z0-9][A-Za-z0-9_-]*");
  }

  /** The source whose reward topic this is, if it is one of this run. */
  public Optional<String> rewardSourceOf(String topic) {
    String start = name("rewards.");
    return topic.startsWith(start) && topic.length() > start.length()
        ? Optional.of(topic.substring(start.length()))
        : Optional.empty();
  }
}
