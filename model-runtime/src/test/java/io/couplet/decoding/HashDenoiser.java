package io.couplet.decoding;

import io.couplet.model.ModelConfig;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A denoiser without a model: logits are a hash of the row's tokens and the position, so that every
 * committed token changes everything that follows. Filters as the specification orders them. Counts
 * what it is asked.
 */
public final class HashDenoiser implements Denoiser {
  public static final SpecialTokens SPECIAL = new SpecialTokens(0, 1, new int[] {2, 3});
  private static final int VOCABULARY = 24;

  int forwards;
  int queries;
  int sequences;
  int largestBatch;
  private final double stopBias;

  /** A denoiser that stops now and then. */
  public HashDenoiser() {
    this(0);
  }

  /**
   * @param stopBias added to the logits of the stop tokens
   */
  public HashDenoiser(double stopBias) {
    this.stopBias = stopBias;
  }

  @Override
  public ModelConfig config() {
    return new ModelConfig(
        "Dream", VOCABULARY, 8, 8, 1, 1, 1, 4096, 1e4, 1e-6, false, true, 0, 1, 2, 2, "float32");
  }

  @Override
  public Candidates candidates(DenoisingBatch batch) {
    forwards++;
    sequences += batch.rows().length;
    queries += batch.queryRow().length;
    largestBatch = Math.max(largestBatch, batch.rows().length);
    int n = batch.queryRow().length;
    int[] tokens = new int[n];
    float[] confidences = new float[n];
    for (int i = 0; i < n; i++) {
      DecodingSettings settings = batch.settings()[batch.queryRow()[i]];
      double[] p =
          distribution(batch.rows()[batch.queryRow()[i]], batch.queryPosition()[i], settings);
      tokens[i] = settings.temperature() == 0 ? argmax(p) : inverse(p, batch.uniform()[i]);
      confidences[i] = confidence(p, tokens[i], settings.algorithm());
    }
    return new Candidates(tokens, confidences);
  }

  private double[] distribution(int[] row, int position, DecodingSettings settings) {
    double[] logits = new double[VOCABULARY];
    long state = 31L * Arrays.hashCode(row) + position;
    for (int v = 0; v < VOCABULARY; v++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      logits[v] = 4.0 * (state >>> 40) / (1 << 24) + (SPECIAL.isStop(v) ? stopBias : 0);
    }
    logits[SPECIAL.mask()] = Double.NEGATIVE_INFINITY;
    double temperature = settings.temperature() == 0 ? 1 : settings.temperature();
    double[] p = softmax(Arrays.stream(logits).map(x -> x / temperature).toArray());
    return filtered(p, settings.topP(), settings.topK());
  }

  private static double[] softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    double[] p = Arrays.stream(x).map(v -> Math.exp(v - max)).toArray();
    return normalized(p);
  }

  private static double[] normalized(double[] p) {
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(v -> v / sum).toArray();
  }

  private static double[] filtered(double[] p, float topP, int topK) {
    Integer[] order = IntStream.range(0, p.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(v -> -p[v]));
    double[] kept = new double[p.length];
    double before = 0;
    for (int rank = 0; rank < order.length; rank++) {
      if (before < topP && (topK == 0 || rank < topK)) {
        kept[order[rank]] = p[order[rank]];
      }
      before += p[order[rank]];
    }
    return normalized(kept);
  }

  private static int argmax(double[] p) {
    return IntStream.range(0, p.length).reduce((a, b) -> p[b] > p[a] ? b : a).orElseThrow();
  }

  private static int inverse(double[] p, float uniform) {
    double below = 0;
    int last = 0;
    for (int v = 0; v < p.length; v++) {
      if (p[v] > 0) {
        last = v;
        below += p[v];
        if (uniform < below) {
          return v;
        }
      }
    }
    return last;
  }

  private static float confidence(double[] p, int token, DecodingAlgorithm algorithm) {
    double[] sorted = Arrays.stream(p).sorted().toArray();
    return (float)
        switch (algorithm) {
          case ORIGIN, MASKGIT_PLUS -> p[token];
          case TOPK_MARGIN -> sorted[sorted.length - 1] - sorted[sorted.length - 2];
          case ENTROPY -> Arrays.stream(p).map(v -> v * Math.log(v + 1e-10)).sum();
        };
  }

  @Override
  public void close() {}
}
