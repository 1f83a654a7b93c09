package io.couplet.config;

/** Held-out evaluation in the run. */
public record EvaluationSection(
    @Doc(
            value = "Every so many versions, version 0 always; 0 switches evaluation off.",
            allowed = "0 or more")
        int every,
    @Doc(
            value = "families (generated held-out instances) or a JSONL file.",
            allowed = "families, or a file")
        String source,
    @Doc(
            value = "Problems evaluated, the first so many of the source, 1 or more.",
            allowed = "1 or more")
        int problems,
    @Doc(value = "Completions per problem, 1 or more.", allowed = "1 or more") int samples,
    @Doc(value = "Temperature of the evaluation.", allowed = "0 or more") double temperature)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static EvaluationSection defaults() {
    return new EvaluationSection(30, "families", 256, 1, 1.0);
  }

  public EvaluationSection {
    if (every < 0) {
      throw new ConfigException("evaluation.every must not be negative, not " + every);
    }
    if (problems < 1) {
      throw new ConfigException("evaluation.problems must be at least 1, not " + problems);
    }
    if (samples < 1) {
      throw new ConfigException("evaluation.samples must be at least 1, not " + samples);
    }
    if (!(temperature >= 0)) {
      throw new ConfigException("evaluation.temperature must not be negative, not " + temperature);
    }
  }
}
