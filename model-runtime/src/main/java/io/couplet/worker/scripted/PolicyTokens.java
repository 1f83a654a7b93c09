package io.couplet.worker.scripted;

import io.couplet.model.ModelConfig;
import io.couplet.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The tokens of a policy directory, so that a learner of that policy can consume scripted samples.
 */
public final class PolicyTokens implements ScriptTokens, AutoCloseable {
  private final Tokenizer tokenizer;
  private final ModelConfig config;

  private PolicyTokens(Tokenizer tokenizer, ModelConfig config) {
    this.tokenizer = tokenizer;
    this.config = config;
  }

  /** Reads {@code tokenizer.json} and {@code config.json} of a policy directory. */
  public static PolicyTokens read(Path policyDirectory) throws IOException {
    ModelConfig config = ModelConfig.read(policyDirectory.resolve("config.json"));
    return new PolicyTokens(Tokenizer.open(policyDirectory), config);
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
  public int stopToken() {
    return tokenizer.stopTokens().ids().first();
  }

  @Override
  public int padToken() {
    return config.padTokenId();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
