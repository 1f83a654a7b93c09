package io.couplet.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Advances rows of any number of requests together. Every call takes each row one step further;
 * rows may come and go between calls, and each keeps its own step. Only rows of nearly the same
 * length share a forward pass and no pass has very few queries, so the shape that a row is computed
 * in follows from its own length; how many rows share the pass is the one thing that varies. Not
 * thread-safe, like its denoiser.
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
    int asked = Math.max(queries, DenoisingBatch.MIN_QUERIES); // the rest stays row 0, position 1
    int[] queryRow = new int[asked];
    int[] queryPosition = new int[asked];
    float[] uniform = new float[asked];
    Arrays.fill(queryPosition, queries, asked, 1);
    int n = 0;
    for (int r = 0; r < rows.size(); r++) {
      DenoisingRow row = rows.get(r);
      for (int position : row.queried()) {
        queryRow[n] = r;
        queryPosition[n] = row.promptLength() + position;
        uniform[n++] = row.uniform(position);
      }
    }
    Candidates candidates =
        denoiser.candidates(
            new DenoisingBatch(
                rows.stream().map(DenoisingRow::tokens).toArray(int[][]::new),
                queryRow,
                queryPosition,
                uniform,
                rows.stream().map(DenoisingRow::settings).toArray(DecodingSettings[]::new)));
    int offset = 0;
    for (DenoisingRow row : rows) {
      int own = row.queried().length;
      row.commit(candidates, offset);
      offset += own;
    }
  }
}
