package io.couplet.config;

import java.util.Set;

/** Where completions are run. */
public record SandboxSection(
    @Doc(
            value = "Sandbox workers of each subtask of the reward job, 1 or more.",
            allowed = "1 or more")
        int workers,
    @Doc(value = "auto, namespaces or landlock.", allowed = "auto, namespaces, landlock")
        String tier,
    @Doc(value = "Completions waiting at most, 1 or more.", allowed = "1 or more") int queue,
    @Doc(value = "Tries before an infrastructure failure is reported.", allowed = "1 or more")
        int attempts)
    implements java.io.Serializable {
  private static final Set<String> TIERS = Set.of("auto", "namespaces", "landlock");

  /** What a key that is not set means. */
  public static SandboxSection defaults() {
    return new SandboxSection(1, "auto", 1024, 3);
  }

  public SandboxSection {
    if (workers < 1) {
      throw new ConfigException("sandbox.workers must be at least 1, not " + workers);
    }
    if (!TIERS.contains(tier)) {
      throw new ConfigException(
          "sandbox.tier must be auto, namespaces or landlock, not '" + tier + "'");
    }
    if (queue < 1) {
      throw new ConfigException("sandbox.queue must be at least 1, not " + queue);
    }
    if (attempts < 1) {
      throw new ConfigException("sandbox.attempts must be at least 1, not " + attempts);
    }
  }
}
