package io.couplet.problems;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shape of the small base policy that learns the generated problems. */
public final class SmallPolicy {
  /** Completion tokens L: the longest reference solution and its stop token fit exactly. */
  public static final int COMPLETION_LENGTH = 20;

  /** No generated prompt has more tokens. */
  public static final int PROMPT_LENGTH = 18;

  private static final int POSITIONS = 256;

  private SmallPolicy() {}

  /** About 0.6 million parameters. */
  public static ModelConfig config() {
    return new ModelConfig(
        "Dream",
        SmallTokenizer.vocabularySize(),
        128,
        320,
        3,
        4,
        2,
        POSITIONS,
        100,
        1e-6,
        false,
        true,
        SmallTokenizer.maskId(),
        SmallTokenizer.padId(),
        SmallTokenizer.endOfTextId(),
        SmallTokenizer.endOfTextId(),
        "float32");
  }

  /**
   * Writes what a policy directory holds beside its weights and {@code config.json}: the tokenizer
   * and {@code generation_config.json}, from which decoding takes its defaults.
   */
  public static void writeCompanions(Path policyDirectory) throws IOException {
    SmallTokenizer.write(policyDirectory);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode generation = mapper.createObjectNode();
    generation
        .putArray("eos_token_id")
        .add(SmallTokenizer.endOfTextId())
        .add(SmallTokenizer.turnEndId());
    generation
        .put("pad_token_id", SmallTokenizer.padId())
        .put("mask_token_id", SmallTokenizer.maskId())
        .put("max_new_tokens", COMPLETION_LENGTH)
        .put("steps", COMPLETION_LENGTH)
        .put("alg", "entropy")
        .put("temperature", 1.0)
        .put("top_p", 1.0);
    Files.writeString(
        policyDirectory.resolve("generation_config.json"),
        mapper.writerWithDefaultPrettyPrinter().writeValueAsString(generation) + "\n");
  }
}
