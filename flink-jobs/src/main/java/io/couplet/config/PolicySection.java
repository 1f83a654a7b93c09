package io.couplet.config;

/** The initial policy and the policy store. */
public record PolicySection(
    @Doc("Policy directory the run starts from.") String initial,
    @Doc("Trainer state of another run that the optimizer starts from; empty for a fresh one.")
        String trainerState,
    @Doc("URI of the policy store (file:, s3:); empty in local mode: runs/NAME/policies.")
        String store,
    @Doc(
            "Trainer states and policies of every n-th step stay for replay and fork; 0 keeps only what checkpoints need.")
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
