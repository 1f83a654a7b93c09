package io.couplet.worker;

import io.couplet.decoding.Completion;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.SpecialTokens;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.ScoringSettings;
import io.couplet.grpo.TokenScorer;
import io.couplet.policy.PolicyStore;
import io.couplet.policy.ServedPolicies;
import io.couplet.tokenizer.Tokenizer;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import io.couplet.torch.TorchPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy directory on a device, with its tokenizer. Decodes in the given precision, scores in
 * float32.
 */
public final class TorchLoadedPolicy implements LoadedPolicy {
  private final TorchPolicy policy;
  private final Tokenizer tokenizer;
  private final SpecialTokens special;

  private TorchLoadedPolicy(TorchPolicy policy, Tokenizer tokenizer) {
    this.policy = policy;
    this.tokenizer = tokenizer;
    special =
        new SpecialTokens(
            policy.config().maskTokenId(),
            policy.config().padTokenId(),
            tokenizer.stopTokens().toArray());
  }

  /**
   * Loads a directory in the Hugging Face layout.
   *
   * @throws io.couplet.files.InvalidFileException a file is missing, malformed or does not fit
   */
  public static TorchLoadedPolicy load(Path directory, ComputeDevice device, Precision precision)
      throws IOException {
    Tokenizer tokenizer = Tokenizer.open(directory);
    try {
      return new TorchLoadedPolicy(TorchPolicy.load(directory, device, precision), tokenizer);
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** Loads the policies of a store, each verified against its hash. */
  public static ServedPolicies.Loader<LoadedPolicy> from(
      PolicyStore store, ComputeDevice device, Precision precision) {
    return reference -> load(store.fetch(reference), device, precision);
  }

  @Override
  public int[] encode(String text) {
    return tokenizer.encode(text);
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(ids, true);
  }

  @Override
  public SpecialTokens special() {
    return special;
  }

  @Override
  public int maxTokens() {
    return policy.config().maxPositionEmbeddings();
  }

  @Override
  public Denoiser denoiser() {
    return policy;
  }

  @Override
  public float[][][] scores(
      long seed, String group, List<Completion> members, ScoringSettings settings) {
    List<CompletedPrompt> prompts = new ArrayList<>();
    for (int member = 0; member < members.size(); member++) {
      Completion completion = members.get(member);
      prompts.add(new CompletedPrompt(group, member, completion.promptIds(), completion.ids()));
    }
    return TokenScorer.of(policy).score(prompts, seed, settings);
  }

  @Override
  public void close() {
    policy.close();
    tokenizer.close();
  }
}
