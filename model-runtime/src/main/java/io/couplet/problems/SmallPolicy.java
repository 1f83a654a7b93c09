package io.couplet.problems;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shape of the base policy that learns the generated problems, and of larger ones. */
public final class SmallPolicy {
  /** Completion tokens L: the longest reference solution and its stop token fit exactly. */
  public static final int COMPLETION_LENGTH = 20;

  /** No generated prompt has more tokens. */
  public static final int PROMPT_LENGTH = 18;

  /** Width of the base policy. */
  public static final int WIDTH = 128;

  /** Layers of the base policy. */
  public static final int LAYERS = 3;

  private static final int POSITIONS = 256;
  private static final int HEAD_SIZE = 32;
  private static final int HEADS_PER_KEY_VALUE_HEAD = 2;

  private SmallPolicy() {}

  /** About 0.6 million parameters. */
  public static ModelConfig config() {
    return config(WIDTH, LAYERS);
  }

  /**
   * The same architecture in another size: heads of 32, two for each key-value head, a feed-forward
   * 2.5 times as wide as the model.
   *
   * @param width a multiple of 64, at least 64
   * @param layers at least 1
   */
  public static ModelConfig config(int width, int layers) {
    int headPair = HEAD_SIZE * HEADS_PER_KEY_VALUE_HEAD;
    if (width < headPair || width % headPair != 0) {
      throw new IllegalArgumentException(
          "The width must be a multiple of %d (heads of %d, two for each key-value head), found %d"
              .formatted(headPair, HEAD_SIZE, width));
    }
    if (layers < 1) {
      throw new IllegalArgumentException("A policy needs at least 1 layer, found " + layers);
    }
    return new ModelConfig(
        "Dream",
        SmallTokenizer.vocabularySize(),
        width,
        width / 2 * 5,
        layers,
        width / HEAD_SIZE,
        width / headPair,
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
