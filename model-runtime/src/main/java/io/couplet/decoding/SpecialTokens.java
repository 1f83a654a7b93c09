package io.couplet.decoding;

import java.util.Arrays;

/**
 * Token ids with a meaning in decoding.
 *
 * @param mask stands for an undecided position; never a result
 * @param pad fills the tail behind the first stop token
 * @param stops any of these ends a completion; may be empty
 */
public record SpecialTokens(int mask, int pad, int[] stops) {
  public SpecialTokens {
    stops = stops.clone();
    if (contains(stops, mask)) {
      throw new IllegalArgumentException(
          "The mask token "
              + mask
              + " cannot be a stop token, found stop tokens "
              + Arrays.toString(stops));
    }
  }

  @Override
  public int[] stops() {
    return stops.clone();
  }

  boolean isStop(int token) {
    return contains(stops, token);
  }

  private static boolean contains(int[] tokens, int token) {
    for (int candidate : tokens) {
      if (candidate == token) {
        return true;
      }
    }
    return false;
  }
}
