package io.couplet.config;

/** Where problems come from and how they become prompts. */
public record ProblemsSection(
    @Doc(
            value =
                "families (generated training split), none (only what others send to the topic), or a JSONL file.",
            allowed = "families, none, or a file")
        String source,
    @Doc(value = "Generated problems when source is families, 1 or more.", allowed = "1 or more")
        int count,
    @Doc(value = "Visits of each problem; 0 goes on for ever.", allowed = "0 or more") int epochs,
    @Doc(
            "raw (question as it stands), chat (Qwen2.5 template), chat_with_test (chat, the first test appended).")
        PromptStyle promptStyle,
    @Doc(value = "System message of the chat styles.", allowed = "text") String system,
    @Doc(value = "Longer prompts are refused, never cut; 1 or more.", allowed = "1 or more")
        int maxPromptTokens)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static ProblemsSection defaults() {
    return new ProblemsSection(
        "families", 4096, 0, PromptStyle.RAW, "You are a helpful assistant.", 200);
  }

  public ProblemsSection {
    if (count < 1) {
      throw new ConfigException("problems.count must be at least 1, not " + count);
    }
    if (epochs < 0) {
      throw new ConfigException("problems.epochs must not be negative, not " + epochs);
    }
    if (maxPromptTokens < 1) {
      throw new ConfigException(
          "problems.max_prompt_tokens must be at least 1, not " + maxPromptTokens);
    }
  }
}
