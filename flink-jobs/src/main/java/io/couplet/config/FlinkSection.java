package io.couplet.config;

/** How the jobs run. */
public record FlinkSection(
    @Doc("Parallelism of the stages that scale, 1 or more.") int parallelism,
    @Doc("Time between checkpoints, in ms.") long checkpointIntervalMs,
    @Doc("How long a record may wait in a network buffer, in ms.") long bufferTimeoutMs)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static FlinkSection defaults() {
    return new FlinkSection(1, 5_000L, 20L);
  }

  public FlinkSection {
    if (parallelism < 1) {
      throw new ConfigException("flink.parallelism must be at least 1, not " + parallelism);
    }
    if (checkpointIntervalMs < 10) {
      throw new ConfigException(
          "flink.checkpoint_interval_ms must be at least 10, not " + checkpointIntervalMs);
    }
  }
}
