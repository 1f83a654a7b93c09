package io.couplet.decoding;

import java.util.Arrays;

/**
 * A decoded sequence. Behind the first stop token everything is filled: pad id, step -1, confidence
 * 0, whether or not the position had been committed before the decoder could stop. So the result is
 * the same with and without early stopping.
 *
 * @param promptIds prompt tokens, not padded
 * @param ids [L] completion tokens
 * @param stepMap [L] step at which each position was committed, -1 where filled
 * @param confidences [L] confidence at commit, by the algorithm of the settings
 * @param seed name of the random stream that made it
 */
public record Completion(
    int[] promptIds,
    int[] ids,
    int[] stepMap,
    float[] confidences,
    StopReason stopReason,
    String seed) {

  /** Why a completion ends where it ends. */
  public enum StopReason {
    /** At a stop token, which is its last token before the fill. */
    STOP_TOKEN,
    /** All L tokens are used. */
    LENGTH
  }

  /** A completion from a decided canvas, or from one that is decided up to its first stop token. */
  static Completion cutAtStop(
      int[] promptIds,
      int[] canvas,
      int[] stepMap,
      float[] confidences,
      SpecialTokens special,
      String seed) {
    int stop = 0;
    while (stop < canvas.length && !special.isStop(canvas[stop])) {
      stop++;
    }
    int used = Math.min(stop + 1, canvas.length);
    int[] ids = canvas.clone();
    int[] steps = stepMap.clone();
    float[] confidence = confidences.clone();
    Arrays.fill(ids, used, ids.length, special.pad());
    Arrays.fill(steps, used, steps.length, -1);
    Arrays.fill(confidence, used, confidence.length, 0);
    StopReason reason = stop < ids.length ? StopReason.STOP_TOKEN : StopReason.LENGTH;
    return new Completion(promptIds, ids, steps, confidence, reason, seed);
  }

  /** Tokens committed, the stop token included. */
  public int committed() {
    int count = 0;
    while (count < stepMap.length && stepMap[count] >= 0) {
      count++;
    }
    return count;
  }

  /** The tokens before the stop token. */
  public int[] contentIds() {
    return Arrays.copyOf(ids, committed() - (stopReason == StopReason.STOP_TOKEN ? 1 : 0));
  }
}
