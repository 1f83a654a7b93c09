package io.couplet.worker;

import io.couplet.decoding.Completion;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.SpecialTokens;
import io.couplet.grpo.ScoringSettings;
import java.util.List;

/**
 * A verified policy in memory, ready to decode and to score. {@link #encode} and {@link #decode}
 * may be called from any thread; the rest by one thread at a time.
 */
public interface LoadedPolicy extends AutoCloseable {
  int[] encode(String text);

  /** The text of completion tokens, special tokens left out. */
  String decode(int[] ids);

  SpecialTokens special();

  /** Most tokens of prompt and completion together. */
  int maxTokens();

  /** Fills masked positions; closed with the policy. */
  Denoiser denoiser();

  /**
   * Token scores of finished members under the masks that the learner will use.
   *
   * @param seed run seed; with group, member and inner iteration it names the masks
   * @param members completions in member order, member 0 first
   * @return [G][mu][L]
   */
  float[][][] scores(long seed, String group, List<Completion> members, ScoringSettings settings);

  /** Frees the weights. Never called while the policy is in use. */
  @Override
  void close();
}
