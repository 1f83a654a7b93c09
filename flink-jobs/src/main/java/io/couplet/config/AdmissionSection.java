package io.couplet.config;

/** The gate that paces generation. */
public record AdmissionSection(
    @Doc(
            value = "K, how many versions old a rollout may be when it is trained on, 0 or more.",
            allowed = "0 or more")
        int maxVersionsBehind,
    @Doc(value = "B, usable groups per update, 1 or more.", allowed = "1 or more")
        int groupsPerUpdate)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static AdmissionSection defaults() {
    return new AdmissionSection(1, 8);
  }

  public AdmissionSection {
    if (maxVersionsBehind < 0) {
      throw new ConfigException(
          "admission.max_versions_behind must not be negative, not " + maxVersionsBehind);
    }
    if (groupsPerUpdate < 1) {
      throw new ConfigException(
          "admission.groups_per_update must be at least 1, not " + groupsPerUpdate);
    }
  }

  /** Groups in flight at most: (K + 1) * B. */
  public long window() {
    return (maxVersionsBehind + 1L) * groupsPerUpdate;
  }
}
