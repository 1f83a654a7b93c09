package io.couplet.decoding;

/**
 * B sequences and n queries of positions in them; one position may be queried more than once, each
 * time with another number. Sequences may differ in length; padding is the denoiser's business and
 * never visible to a result.
 *
 * @param rows [B] token ids without padding, the mask id where undecided
 * @param queryRow [n] index into rows
 * @param queryPosition [n] absolute index in the row of the token asked for, at least 1
 * @param uniform [n] in [0, 1), picks the candidate; ignored where temperature is 0
 * @param settings [B] decoding settings of each row
 */
public record DenoisingBatch(
    int[][] rows,
    int[] queryRow,
    int[] queryPosition,
    float[] uniform,
    DecodingSettings[] settings) {
  /**
   * Denoisers pad to a multiple of this, and only rows that round up to the same multiple share a
   * batch, so that the shape in which a row is computed follows from its own length.
   */
  public static final int LENGTH_MULTIPLE = 16;

  /**
   * Fewest distinct positions that a denoiser projects in a pass: matrix products of fewer rows run
   * in other kernels, whose rounding differs.
   */
  public static final int MIN_PROJECTED = 16;
}
