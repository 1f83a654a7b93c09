package io.couplet.config;

/** Groups of rollouts of one problem. */
public record GroupsSection(
    @Doc(value = "G, rollouts per problem, 2 or more.", allowed = "2 or more") int size,
    @Doc(
            value = "How long a group waits for its rollouts after the first one, in ms.",
            allowed = "1 or more")
        int deadlineMs,
    @Doc("drop or partial: what to do with an incomplete group at its deadline.")
        IncompleteGroups incomplete,
    @Doc("mean or leave_one_out.") AdvantageKind advantage,
    @Doc("Divide advantages by the standard deviation of the group.") boolean scaleRewards)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static GroupsSection defaults() {
    return new GroupsSection(8, 120_000, IncompleteGroups.DROP, AdvantageKind.MEAN, false);
  }

  public GroupsSection {
    if (size < 2) {
      throw new ConfigException("groups.size must be at least 2, not " + size);
    }
    if (deadlineMs < 1) {
      throw new ConfigException("groups.deadline_ms must be at least 1, not " + deadlineMs);
    }
  }
}
