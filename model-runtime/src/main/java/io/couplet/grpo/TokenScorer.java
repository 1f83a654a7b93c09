package io.couplet.grpo;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import io.couplet.torch.TorchPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Token scores s_k of completions under one policy, float32 (algorithms, section 4.1). Behaviour,
 * reference and current policy are scored by the same code on the same masks. Thread-safe.
 */
public final class TokenScorer {
  /** Padded tokens of one engine call, unless a single sample has more. */
  private static final int TOKENS_PER_CALL = 16_384;

  private final DreamModule module;
  private final DreamWeights weights;

  public TokenScorer(DreamModule module, DreamWeights weights) {
    this.module = module;
    this.weights = weights;
  }

  public static TokenScorer of(TorchPolicy policy) {
    return new TokenScorer(policy.module(), policy.float32Weights());
  }

  /**
   * Scores for the masks of every inner iteration.
   *
   * @param runSeed with group, member and inner iteration it names the masks
   * @return [sample][mu][L]
   */
  public float[][][] score(List<CompletedPrompt> samples, long runSeed, ScoringSettings settings) {
    float[][][] scores = new float[samples.size()][settings.innerIterations()][];
    for (int inner = 0; inner < settings.innerIterations(); inner++) {
      float[][] each = score(samples, runSeed, settings, inner);
      for (int i = 0; i < each.length; i++) {
        scores[i][inner] = each[i];
      }
    }
    return scores;
  }

  /** Scores for the masks of one inner iteration, [sample][L]. */
  public float[][] score(
      List<CompletedPrompt> samples, long runSeed, ScoringSettings settings, int innerIteration) {
    List<float[]> scores = new ArrayList<>();
    int passes = 1 + 2 * settings.pairs();
    int first = 0;
    while (first < samples.size()) {
      int last = first;
      int longest = 0;
      do {
        longest = Math.max(longest, length(samples.get(last++)));
      } while (last < samples.size()
          && (long) (last - first + 1) * passes * Math.max(longest, length(samples.get(last)))
              <= TOKENS_PER_CALL);
      scores.addAll(call(samples.subList(first, last), runSeed, settings, innerIteration));
      first = last;
    }
    return scores.toArray(float[][]::new);
  }

  private static int length(CompletedPrompt sample) {
    return sample.promptIds().length + sample.completionIds().length;
  }

  private List<float[]> call(
      List<CompletedPrompt> samples, long runSeed, ScoringSettings settings, int innerIteration) {
    try (NDManager call = module.manager().newSubManager()) {
      ScoringArrays arrays =
          ScoringArrays.of(module, call, samples, runSeed, innerIteration, settings);
      IValue[] arguments =
          Stream.concat(
                  arrays.arguments().stream().map(DreamModule::value),
                  Stream.of(DreamModule.list(weights.arrays())))
              .toArray(IValue[]::new);
      float[] flat = module.infer(call, "scores", arguments).get(0).toFloatArray();
      List<float[]> scores = new ArrayList<>();
      int from = 0;
      for (CompletedPrompt sample : samples) {
        int to = from + sample.completionIds().length;
        scores.add(Arrays.copyOfRange(flat, from, to));
        from = to;
      }
      return scores;
    }
  }
}
