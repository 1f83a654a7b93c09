package io.couplet.config;

/** Where completions are run. */
public record SandboxSection(
    @Doc("Sandbox workers of each subtask of the reward job, 1 or more.") int workers,
    @Doc("auto, namespaces or landlock.") String tier,
    @Doc("Completions waiting at most, 1 or more.") int queue,
    @Doc("Tries before an infrastructure failure is reported.") int attempts)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static SandboxSection defaults() {
    return new SandboxSection(1, "auto", 1024, 3);
  }

  public SandboxSection {
    if (workers < 1) {
      throw new ConfigException("sandbox.workers must be at least 1, not " + workers);
    }
    if (queue < 1) {
      throw new ConfigException("sandbox.queue must be at least 1, not " + queue);
    }
    if (attempts < 1) {
      throw new ConfigException("sandbox.attempts must be at least 1, not " + attempts);
    }
  }
}
