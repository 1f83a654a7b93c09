package io.couplet.grpo;

/**
 * A prompt with one completion, to be scored.
 *
 * @param group group id; with member and inner iteration it names the masks
 * @param promptIds prompt tokens, not padded, at least one
 * @param completionIds [L] completion tokens, at least one, the tail after the stop token filled
 */
public record CompletedPrompt(String group, int member, int[] promptIds, int[] completionIds) {
  public CompletedPrompt {
    if (promptIds.length == 0) {
      throw new IllegalArgumentException(
          "Member "
              + member
              + " of group "
              + group
              + " has an empty prompt: its first completion token would have no prediction");
    }
    if (completionIds.length == 0) {
      throw new IllegalArgumentException(
          "Member " + member + " of group " + group + " has an empty completion");
    }
  }
}
