package io.couplet.grpo;

import io.couplet.torch.PaddedRows;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The forward passes that score a batch of completions, flattened for one engine call. Only the
 * masked tokens of a pass are projected through the output matrix. Passes over the same tokens
 * share one row: the fully masked completion is the same for all members of a group.
 *
 * @param rows [R] the different partly masked sequences, in the order of first use
 * @param targets [n] the tokens asked for
 * @param termsPerToken K, the most passes that any token appears in
 * @param term [T * K] which of the n log-probabilities; n for none
 * @param share [T * K] the factor of each, 0 for none
 * @param tokens T, completion tokens of all sequences, sequence after sequence
 */
record ScoringBatch(
    List<int[]> rows,
    int[] queryRow,
    int[] queryPosition,
    long[] targets,
    int termsPerToken,
    long[] term,
    float[] share,
    int tokens) {

  static ScoringBatch of(
      List<CompletedPrompt> samples,
      long runSeed,
      int innerIteration,
      ScoringSettings settings,
      int maskTokenId) {
    List<List<ScorePass>> passes = new ArrayList<>();
    int entries = 0;
    int tokens = 0;
    int perToken = 1;
    for (CompletedPrompt sample : samples) {
      int length = sample.completionIds().length;
      List<ScorePass> own =
          ScorePass.of(settings, runSeed, sample.group(), sample.member(), innerIteration, length);
      passes.add(own);
      tokens += length;
      int[] terms = termsOfEachToken(own, length);
      for (int count : terms) {
        entries += count;
        perToken = Math.max(perToken, count);
      }
    }
    Filling filling = new Filling(entries, tokens, perToken, maskTokenId);
    for (int i = 0; i < samples.size(); i++) {
      filling.add(samples.get(i), passes.get(i));
    }
    return filling.batch();
  }

  private static int[] termsOfEachToken(List<ScorePass> passes, int length) {
    int[] terms = new int[length];
    for (ScorePass pass : passes) {
      for (int k = 0; k < length; k++) {
        terms[k] += pass.masked()[k] ? 1 : 0;
      }
    }
    return terms;
  }

  /** The rows of logits to ask for, [n]. */
  long[] logitsRows(PaddedRows padded) {
    long[] query = new long[targets.length];
    for (int i = 0; i < query.length; i++) {
      query[i] = padded.logitsOf(queryRow[i], queryPosition[i]);
    }
    return query;
  }

  private static final class Filling {
    private final List<int[]> rows = new ArrayList<>();
    private final Map<IntBuffer, Integer> rowOfTokens = new HashMap<>();
    private final int[] queryRow;
    private final int[] queryPosition;
    private final long[] targets;
    private final long[] term;
    private final float[] share;
    private final int perToken;
    private final int tokens;
    private final int maskTokenId;
    private int entry;
    private int firstToken;

    Filling(int entries, int tokens, int perToken, int maskTokenId) {
      this.tokens = tokens;
      this.perToken = perToken;
      this.maskTokenId = maskTokenId;
      queryRow = new int[entries];
      queryPosition = new int[entries];
      targets = new long[entries];
      term = new long[tokens * perToken];
      share = new float[tokens * perToken];
      Arrays.fill(term, entries);
    }

    void add(CompletedPrompt sample, List<ScorePass> passes) {
      int prompt = sample.promptIds().length;
      int length = sample.completionIds().length;
      int[] used = new int[length];
      for (ScorePass pass : passes) {
        int row = rowOf(masked(sample, pass));
        for (int k = 0; k < length; k++) {
          if (pass.masked()[k]) {
            int slot = (firstToken + k) * perToken + used[k]++;
            term[slot] = entry;
            share[slot] = (float) pass.share();
            queryRow[entry] = row;
            queryPosition[entry] = prompt + k;
            targets[entry++] = sample.completionIds()[k];
          }
        }
      }
      firstToken += length;
    }

    private int[] masked(CompletedPrompt sample, ScorePass pass) {
      int prompt = sample.promptIds().length;
      int length = sample.completionIds().length;
      int[] row = Arrays.copyOf(sample.promptIds(), prompt + length);
      for (int k = 0; k < length; k++) {
        row[prompt + k] = pass.masked()[k] ? maskTokenId : sample.completionIds()[k];
      }
      return row;
    }

    private int rowOf(int[] row) {
      Integer known = rowOfTokens.putIfAbsent(IntBuffer.wrap(row), rows.size());
      if (known != null) {
        return known;
      }
      rows.add(row);
      return rows.size() - 1;
    }

    ScoringBatch batch() {
      return new ScoringBatch(
          rows, queryRow, queryPosition, targets, perToken, term, share, tokens);
    }
  }
}
