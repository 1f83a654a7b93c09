package io.couplet.advantage;

import java.util.Locale;

/** What happened to a record in the assembly of groups, for the counters. */
public enum Occurrence {
  OPENED,
  DUPLICATE_ROLLOUT,
  /** A rollout of a group that was closed without it. */
  LATE_ROLLOUT,
  REWARD,
  DUPLICATE_REWARD,
  /** A reward of a closed group that did without it; it stays in its topic for lineage. */
  LATE_REWARD,
  /** Its source was added after the group was opened, or is not a source of the run. */
  SOURCE_NOT_IN_FORCE,
  /** Meant a rollout of another policy version. */
  OTHER_VERSION,
  /** Its member failed to generate. */
  WITHOUT_SAMPLE,
  /** The source said that it has no value. */
  NO_VALUE,
  /** NaN, infinite or out of the source's range. */
  INVALID_VALUE,
  /** No rollout of its group came. */
  ORPHAN,
  /** A closed group's time of remembrance is over. */
  FORGOTTEN;

  /** In the manner of metric names, for example duplicateReward. */
  public String metricName() {
    String[] words = name().toLowerCase(Locale.ROOT).split("_");
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
    }
    return name.toString();
  }
}
