package io.couplet.analysis;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The positions of a completion in the order in which they were committed.
 *
 * @param length number of positions that count; those that are not in {@code positions} stayed
 *     masked until the tail was filled
 * @param positions [T] distinct positions in [0, length)
 * @param steps [T] denoising step of each commit, non-decreasing
 */
public record CommitOrder(int length, int[] positions, int[] steps) {
  /** How positions that were committed in one step follow one another. */
  public enum Ties {
    /** Left to right: the upper bound of global AR-ness. */
    ASCENDING,
    /** Right to left: the lower bound of global AR-ness. */
    DESCENDING,
    /** Most confident first, left to right among equals. */
    CONFIDENCE
  }

  /**
   * The order of the whole canvas of a sample.
   *
   * @param stepMap [L] step of each commit, -1 where the tail was filled: no commit
   * @param confidences [L], used by {@link Ties#CONFIDENCE} alone
   */
  public static CommitOrder of(int[] stepMap, float[] confidences, Ties ties) {
    return upTo(stepMap.length, stepMap, confidences, ties);
  }

  /**
   * The order of the positions before {@code end}; with {@code end} behind the first stop token,
   * the part of a sample that is its answer.
   */
  public static CommitOrder upTo(int end, int[] stepMap, float[] confidences, Ties ties) {
    if (end < 0 || end > stepMap.length || confidences.length != stepMap.length) {
      throw new IllegalArgumentException(
          "A completion of %d tokens needs as many confidences and an end within it, not %d and %d"
              .formatted(stepMap.length, confidences.length, end));
    }
    Comparator<Integer> byStep = Comparator.comparingInt(position -> stepMap[position]);
    Comparator<Integer> order =
        switch (ties) {
          case ASCENDING -> byStep.thenComparing(Comparator.naturalOrder());
          case DESCENDING -> byStep.thenComparing(Comparator.reverseOrder());
          case CONFIDENCE ->
              byStep
                  .thenComparing(position -> -confidences[position])
                  .thenComparing(Comparator.naturalOrder());
        };
    int[] positions =
        IntStream.range(0, end)
            .filter(position -> stepMap[position] >= 0)
            .boxed()
            .sorted(order)
            .mapToInt(Integer::intValue)
            .toArray();
    return new CommitOrder(
        end, positions, IntStream.of(positions).map(position -> stepMap[position]).toArray());
  }

  /** T, the number of commits. */
  public int size() {
    return positions.length;
  }
}
