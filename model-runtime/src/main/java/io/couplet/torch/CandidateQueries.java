package io.couplet.torch;

import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.model.ModelConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The queries of a {@link DenoisingBatch} as columns. A position that several ask for is projected
 * once: u distinct positions, each carrying its row's settings, serve n queries.
 *
 * @param logitsRow [u] index of the logits that predict the queried token
 * @param topP [u] above 1 where nothing is to be cut, so that rounding cuts nothing either
 * @param topK [u] the vocabulary size where there is no limit
 * @param measure [u] confidence: 0 probability, 1 margin, 2 entropy
 * @param uniform [n] in [0, 1)
 * @param distinct [n] which of the u positions a query asks for
 * @param plan whether any query needs tempering, filtering, sampling, the greedy token, the margin,
 *     the entropy: what nobody needs is not computed
 */
record CandidateQueries(
    long[] logitsRow,
    float[] temperature,
    float[] topP,
    long[] topK,
    double[] uniform,
    long[] measure,
    long[] distinct,
    boolean[] plan) {
  private static final float NO_TOP_P = 2;

  static CandidateQueries of(DenoisingBatch batch, PaddedRows rows, ModelConfig config) {
    int n = batch.queryRow().length;
    double[] uniform = new double[n];
    long[] distinct = new long[n];
    Map<Long, Integer> known = new HashMap<>();
    long[] logitsRow = new long[n + DenoisingBatch.MIN_PROJECTED];
    int[] rowOf = new int[logitsRow.length];
    for (int i = 0; i < n; i++) {
      int row = batch.queryRow()[i];
      long wanted = rows.logitsOf(row, checked(batch, i));
      int index = known.computeIfAbsent(wanted, w -> known.size());
      logitsRow[index] = wanted;
      rowOf[index] = row;
      distinct[i] = index;
      uniform[i] = batch.uniform()[i];
    }
    // What is missing to the least stays at the first position of the first row, asked by nobody.
    int u = Math.max(known.size(), DenoisingBatch.MIN_PROJECTED);
    float[] temperature = new float[u];
    float[] topP = new float[u];
    long[] topK = new long[u];
    long[] measure = new long[u];
    boolean[] plan = new boolean[6];
    for (int i = 0; i < u; i++) {
      DecodingSettings settings = batch.settings()[rowOf[i]];
      boolean limited = settings.topK() > 0 && settings.topK() < config.vocabSize();
      temperature[i] = settings.temperature();
      topP[i] = settings.topP() < 1 ? settings.topP() : NO_TOP_P;
      topK[i] = limited ? settings.topK() : config.vocabSize();
      measure[i] = measure(settings.algorithm());
      plan[0] |= settings.temperature() != 0 && settings.temperature() != 1;
      plan[1] |= settings.topP() < 1 || limited;
      plan[2] |= settings.temperature() != 0;
      plan[3] |= settings.temperature() == 0;
      plan[4] |= measure[i] == 1;
      plan[5] |= measure[i] == 2;
    }
    return new CandidateQueries(
        Arrays.copyOf(logitsRow, u), temperature, topP, topK, uniform, measure, distinct, plan);
  }

  private static int checked(DenoisingBatch batch, int query) {
    int position = batch.queryPosition()[query];
    int length = batch.rows()[batch.queryRow()[query]].length;
    if (position < 0 || position >= length) {
      throw new IllegalArgumentException(
          "Query %d asks for position %d of a sequence of %d tokens"
              .formatted(query, position, length));
    }
    return position;
  }

  private static long measure(DecodingAlgorithm algorithm) {
    return switch (algorithm) {
      case ORIGIN, MASKGIT_PLUS -> 0;
      case TOPK_MARGIN -> 1;
      case ENTROPY -> 2;
    };
  }
}
