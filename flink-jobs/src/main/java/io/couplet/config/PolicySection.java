package io.couplet.config;

/** The initial policy and the policy store. */
public record PolicySection(
    @Doc(value = "Policy directory the run starts from.", allowed = "directory or URI")
        String initial,
    @Doc(
            value =
                "Trainer state of another run that the optimizer starts from; empty for a fresh one.",
            allowed = "file or URI, or empty")
        String trainerState,
    @Doc(
            value =
                "URI of the policy store (file:, s3:); empty in local mode: runs/NAME/policies.",
            allowed = "URI, or empty")
        String store,
    @Doc(
            value =
                "Trainer states and policies of every n-th step stay for replay and fork; 0 keeps only what checkpoints need.",
            allowed = "0 or more")
        int keepEvery)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static PolicySection defaults() {
    return new PolicySection("policies/base", "", "", 20);
  }

  public PolicySection {
    if (initial.isBlank()) {
      throw new ConfigException("policy.initial must name a policy directory");
    }
    if (keepEvery < 0) {
      throw new ConfigException("policy.keep_every must not be negative, not " + keepEvery);
    }
  }
}
