package io.couplet.pretraining;

/**
 * A prompt and what should follow it.
 *
 * @param promptIds at least one token
 * @param completionIds [L] the whole canvas: the completion, its stop token and the tail that a
 *     decoder fills behind it
 */
public record PretrainingExample(int[] promptIds, int[] completionIds) {
  public PretrainingExample {
    if (promptIds.length == 0 || completionIds.length == 0) {
      throw new IllegalArgumentException(
          "An example needs a prompt and a completion of at least one token each, found "
              + promptIds.length
              + " and "
              + completionIds.length);
    }
  }
}
