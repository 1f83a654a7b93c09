package io.couplet.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.couplet.model.ModelConfig;
import java.util.List;

/**
 * Sequences of unequal length as one rectangle, padded on the right. A pad is attended by nothing
 * and position ids do not count it, in generation and in training alike.
 *
 * @param length S, tokens of the longest sequence
 * @param ids [R, S] int64
 * @param seen [R, 1, 1, S] true for real tokens; empty when all sequences have one length
 */
public record PaddedRows(int length, boolean rightShift, NDArray ids, NDArray seen) {

  static PaddedRows of(NDManager owner, ModelConfig config, List<int[]> rows) {
    return of(owner, config, rows, 1);
  }

  /** Padded to the next multiple of {@code multiple} that the model has positions for. */
  static PaddedRows of(NDManager owner, ModelConfig config, List<int[]> rows, int multiple) {
    int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    int rounded = (longest + multiple - 1) / multiple * multiple;
    int length = Math.max(longest, Math.min(rounded, config.maxPositionEmbeddings()));
    if (longest == 0) {
      throw new IllegalArgumentException("A batch needs at least one sequence with a token");
    }
    if (length > config.maxPositionEmbeddings()) {
      throw new IllegalArgumentException(
          "A sequence of %d tokens is longer than the %d positions of the model"
              .formatted(length, config.maxPositionEmbeddings()));
    }
    long[] ids = new long[rows.size() * length];
    boolean[] seen = new boolean[ids.length];
    boolean padded = false;
    for (int r = 0; r < rows.size(); r++) {
      int[] row = rows.get(r);
      padded |= row.length < length;
      for (int i = 0; i < length; i++) {
        ids[r * length + i] = i < row.length ? checked(row[i], config) : config.padTokenId();
        seen[r * length + i] = i < row.length;
      }
    }
    NDArray mask =
        padded
            ? owner.create(seen, new Shape(rows.size(), 1, 1, length))
            : owner.create(new boolean[0], new Shape(0));
    return new PaddedRows(
        length, config.rightShift(), owner.create(ids, new Shape(rows.size(), length)), mask);
  }

  private static int checked(int id, ModelConfig config) {
    if (id < 0 || id >= config.vocabSize()) {
      throw new IllegalArgumentException(
          "Token id %d is outside of the vocabulary of %d".formatted(id, config.vocabSize()));
    }
    return id;
  }

  /**
   * Where the logits of a token are among the R * S rows: one position earlier under the right
   * shift; position 0 keeps its own.
   */
  public long logitsOf(int row, int position) {
    int predicting = rightShift && position > 0 ? position - 1 : position;
    return (long) row * length + predicting;
  }
}
