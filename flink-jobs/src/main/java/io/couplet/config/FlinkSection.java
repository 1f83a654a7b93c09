package io.couplet.config;

/** How the jobs run. */
public record FlinkSection(
    @Doc(value = "Parallelism of the stages that scale, 1 or more.", allowed = "1 or more")
        int parallelism,
    @Doc(value = "Time between checkpoints, in ms.", allowed = "10 or more")
        long checkpointIntervalMs,
    @Doc(
            value =
                "How long a record may wait in a network buffer for others, in ms; 0 sends each at"
                    + " once, which costs least at the record rates of a run.",
            allowed = "0 or more")
        long bufferTimeoutMs)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static FlinkSection defaults() {
    return new FlinkSection(1, 10_000L, 0L);
  }

  public FlinkSection {
    if (parallelism < 1) {
      throw new ConfigException("flink.parallelism must be at least 1, not " + parallelism);
    }
    if (bufferTimeoutMs < 0) {
      throw new ConfigException(
          "flink.buffer_timeout_ms must not be negative, not " + bufferTimeoutMs);
    }
    if (checkpointIntervalMs < 10) {
      throw new ConfigException(
          "flink.checkpoint_interval_ms must be at least 10, not " + checkpointIntervalMs);
    }
  }
}
