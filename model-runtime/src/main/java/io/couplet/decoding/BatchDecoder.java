package io.couplet.decoding;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Advances rows of any number of requests together. Every call takes each row one step further;
 * rows may come and go between calls, and each keeps its own step. Only rows of nearly the same
 * length share a forward pass, so the shape that a row is computed in follows from its own length;
 * how many rows share the pass is the one thing that varies. Rows that hold the same tokens, as all
 * members of a group do at first, are one sequence of the pass. Not thread-safe, like its denoiser.
 */
public final class BatchDecoder {
  private final Denoiser denoiser;
  private final int maxRows;

  /**
   * @param maxRows most rows of one forward pass, at least 1
   */
  public BatchDecoder(Denoiser denoiser, int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("maxRows must be at least 1, not " + maxRows);
    }
    this.denoiser = denoiser;
    this.maxRows = maxRows;
  }

  /**
   * Takes every unfinished row one step further.
   *
   * @return forward passes made
   */
  public int step(List<DenoisingRow> rows) {
    int forwards = 0;
    for (List<DenoisingRow> bucket : unfinishedByLength(rows)) {
      for (int from = 0; from < bucket.size(); from += maxRows) {
        forward(bucket.subList(from, Math.min(from + maxRows, bucket.size())));
        forwards++;
      }
    }
    return forwards;
  }

  /** Decodes rows to their end, all together. */
  public List<Completion> decode(List<DenoisingRow> rows) {
    while (step(rows) > 0) {
      // each pass drops the rows that finished in it
    }
    return rows.stream().map(DenoisingRow::completion).toList();
  }

  private static Iterable<List<DenoisingRow>> unfinishedByLength(List<DenoisingRow> rows) {
    Map<Integer, List<DenoisingRow>> buckets = new TreeMap<>();
    for (DenoisingRow row : rows) {
      if (!row.finished()) {
        int bucket = -Math.floorDiv(-row.size(), DenoisingBatch.LENGTH_MULTIPLE); // rounds up
        buckets.computeIfAbsent(bucket, b -> new ArrayList<>()).add(row);
      }
    }
    return buckets.values();
  }

  private void forward(List<DenoisingRow> rows) {
    int queries = rows.stream().mapToInt(row -> row.queried().length).sum();
    int[] queryRow = new int[queries];
    int[] queryPosition = new int[queries];
    float[] uniform = new float[queries];
    Map<Sequence, Integer> distinct = new LinkedHashMap<>();
    int n = 0;
    for (DenoisingRow row : rows) {
      Sequence sequence = new Sequence(IntBuffer.wrap(row.tokens()), row.settings());
      int index = distinct.computeIfAbsent(sequence, s -> distinct.size());
      for (int position : row.queried()) {
        queryRow[n] = index;
        queryPosition[n] = row.promptLength() + position;
        uniform[n++] = row.uniform(position);
      }
    }
    Candidates candidates =
        denoiser.candidates(
            new DenoisingBatch(
                distinct.keySet().stream().map(s -> s.tokens().array()).toArray(int[][]::new),
                queryRow,
                queryPosition,
                uniform,
                distinct.keySet().stream()
                    .map(Sequence::settings)
                    .toArray(DecodingSettings[]::new)));
    int offset = 0;
    for (DenoisingRow row : rows) {
      int own = row.queried().length;
      row.commit(candidates, offset);
      offset += own;
    }
  }

  /** What a forward pass sees of a row: rows that are equal in it are computed once. */
  private record Sequence(IntBuffer tokens, DecodingSettings settings) {}
}
