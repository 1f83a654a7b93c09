package io.couplet.torch;

import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingBatch;
import io.couplet.model.ModelConfig;

/**
 * The queries of a {@link DenoisingBatch} as columns, each carrying its row's settings.
 *
 * @param logitsRow [n] index of the logits that predict the queried token
 * @param topP [n] above 1 where nothing is to be cut, so that rounding cuts nothing either
 * @param topK [n] the vocabulary size where there is no limit
 * @param measure [n] confidence: 0 probability, 1 margin, 2 entropy
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
    boolean[] plan) {
  private static final float NO_TOP_P = 2;

  static CandidateQueries of(DenoisingBatch batch, PaddedRows rows, ModelConfig config) {
    int n = batch.queryRow().length;
    long[] logitsRow = new long[n];
    float[] temperature = new float[n];
    float[] topP = new float[n];
    long[] topK = new long[n];
    double[] uniform = new double[n];
    long[] measure = new long[n];
    boolean[] plan = new boolean[6];
    for (int i = 0; i < n; i++) {
      int row = batch.queryRow()[i];
      int position = batch.queryPosition()[i];
      if (position < 0 || position >= batch.rows()[row].length) {
        throw new IllegalArgumentException(
            "Query %d asks for position %d of a sequence of %d tokens"
                .formatted(i, position, batch.rows()[row].length));
      }
      DecodingSettings settings = batch.settings()[row];
      boolean limited = settings.topK() > 0 && settings.topK() < config.vocabSize();
      logitsRow[i] = rows.logitsOf(row, position);
      temperature[i] = settings.temperature();
      topP[i] = settings.topP() < 1 ? settings.topP() : NO_TOP_P;
      topK[i] = limited ? settings.topK() : config.vocabSize();
      uniform[i] = batch.uniform()[i];
      measure[i] = measure(settings.algorithm());
      plan[0] |= settings.temperature() != 0 && settings.temperature() != 1;
      plan[1] |= settings.topP() < 1 || limited;
      plan[2] |= settings.temperature() != 0;
      plan[3] |= settings.temperature() == 0;
      plan[4] |= measure[i] == 1;
      plan[5] |= measure[i] == 2;
    }
    return new CandidateQueries(logitsRow, temperature, topP, topK, uniform, measure, plan);
  }

  private static long measure(DecodingAlgorithm algorithm) {
    return switch (algorithm) {
      case ORIGIN, MASKGIT_PLUS -> 0;
      case TOPK_MARGIN -> 1;
      case ENTROPY -> 2;
    };
  }
}
