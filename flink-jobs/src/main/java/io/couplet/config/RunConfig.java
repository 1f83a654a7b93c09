package io.couplet.config;

import java.util.regex.Pattern;

/** Everything a run is configured by: one YAML file, every key with a default. */
public record RunConfig(
    @Doc(
            value = "Name of the run: letters, digits, hyphens and underscores.",
            allowed = "letters, digits, hyphens, underscores; at most 100")
        String name,
    @Doc(value = "Run seed, from which every random stream follows.", allowed = "any whole number")
        long seed,
    @Doc(
            value = "RUN@STEP this run was forked from; empty for none.",
            allowed = "RUN@STEP, or empty")
        String parent,
    @Doc("The broker and how topics are made.") KafkaSection kafka,
    @Doc("Where problems come from and how they become prompts.") ProblemsSection problems,
    @Doc("The initial policy and the policy store.") PolicySection policy,
    @Doc("The diffusion workers and how they are called.") WorkersSection workers,
    @Doc("How rollouts are decoded.") DecodingSection decoding,
    @Doc("The token scores of coupled-GRPO.") ScoringSection scoring,
    @Doc("Groups of rollouts of one problem.") GroupsSection groups,
    @Doc("The built-in reward sources.") RewardsSection rewards,
    @Doc("The gate that paces generation.") AdmissionSection admission,
    @Doc("Coupled-GRPO updates.") LearnerSection learner,
    @Doc("Held-out evaluation in the run.") EvaluationSection evaluation,
    @Doc("Where completions are run.") SandboxSection sandbox,
    @Doc("How the jobs run.") FlinkSection flink,
    @Doc("Local mode.") LocalSection local)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static RunConfig defaults() {
    return new RunConfig(
        "default",
        1L,
        "",
        KafkaSection.defaults(),
        ProblemsSection.defaults(),
        PolicySection.defaults(),
        WorkersSection.defaults(),
        DecodingSection.defaults(),
        ScoringSection.defaults(),
        GroupsSection.defaults(),
        RewardsSection.defaults(),
        AdmissionSection.defaults(),
        LearnerSection.defaults(),
        EvaluationSection.defaults(),
        SandboxSection.defaults(),
        FlinkSection.defaults(),
        LocalSection.defaults());
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

  public RunConfig {
    if (!NAME.matcher(name).matches()) {
      throw new ConfigException(
          "name must be letters, digits, hyphens and underscores, not '" + name + "'");
    }
  }

  /** Partitions of the topics that may have several, at least 1. */
  public int partitions() {
    return kafka.partitions() == 0 ? flink.parallelism() : kafka.partitions();
  }
}
