package io.couplet.model;

import io.couplet.files.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The keys of a Hugging Face {@code config.json} that define a Dream-architecture model
 * (algorithms, section 1).
 *
 * @param modelType {@code Dream} in any case
 * @param hiddenSize a multiple of {@code attentionHeads}, the quotient even (rotary pairs)
 * @param keyValueHeads divides {@code attentionHeads}
 * @param rightShift logits at position i predict token i + 1 (Dream, DiffuCoder); false: token i
 *     (LLaDA)
 * @param tieWordEmbeddings the output projection is the embedding matrix
 * @param maskTokenId below {@code vocabSize}, as the other three token ids
 * @param torchDtype element type of the published weights: float32, bfloat16 or float16
 */
public record ModelConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int hiddenLayers,
    int attentionHeads,
    int keyValueHeads,
    int maxPositionEmbeddings,
    double ropeTheta,
    double rmsNormEps,
    boolean tieWordEmbeddings,
    boolean rightShift,
    int maskTokenId,
    int padTokenId,
    int bosTokenId,
    int eosTokenId,
    String torchDtype) {

  /** Refuses impossible sizes; the message names the key of {@code config.json}. */
  public ModelConfig {
    require(modelType.equalsIgnoreCase("dream"), "model_type must be Dream, not " + modelType);
    atLeast("vocab_size", vocabSize, 2);
    atLeast("hidden_size", hiddenSize, 2);
    atLeast("intermediate_size", intermediateSize, 1);
    atLeast("num_hidden_layers", hiddenLayers, 1);
    atLeast("num_attention_heads", attentionHeads, 1);
    atLeast("num_key_value_heads", keyValueHeads, 1);
    atLeast("max_position_embeddings", maxPositionEmbeddings, 1);
    require(
        hiddenSize % (2 * attentionHeads) == 0,
        "hidden_size must be an even multiple of num_attention_heads, not %d for %d heads"
            .formatted(hiddenSize, attentionHeads));
    require(
        attentionHeads % keyValueHeads == 0,
        "num_key_value_heads must divide num_attention_heads, not %d for %d heads"
            .formatted(keyValueHeads, attentionHeads));
    require(
        ropeTheta > 0 && Double.isFinite(ropeTheta), "rope_theta must be positive: " + ropeTheta);
    require(
        rmsNormEps > 0 && rmsNormEps < 1, "rms_norm_eps must be between 0 and 1: " + rmsNormEps);
    tokenId("mask_token_id", maskTokenId, vocabSize);
    tokenId("pad_token_id", padTokenId, vocabSize);
    tokenId("bos_token_id", bosTokenId, vocabSize);
    tokenId("eos_token_id", eosTokenId, vocabSize);
    require(
        torchDtype.equals("float32")
            || torchDtype.equals("bfloat16")
            || torchDtype.equals("float16"),
        "torch_dtype must be float32, bfloat16 or float16, not " + torchDtype);
  }

  /** Reads and checks a {@code config.json}; errors name the file, the key and what it holds. */
  public static ModelConfig read(Path configJson) throws IOException {
    return ConfigJson.parse(JsonFile.read(configJson));
  }

  /** Writes a {@code config.json} that {@link #read} reads back to an equal record. */
  public void write(Path configJson) throws IOException {
    writeOver(Map.of(), configJson);
  }

  /**
   * Writes a {@code config.json} with these values and every other key of {@code base}, such as
   * {@code auto_map}, as it is.
   */
  public void writeOver(Map<String, ?> base, Path configJson) throws IOException {
    JsonFile.write(configJson, ConfigJson.merge(base, this));
  }

  public int headSize() {
    return hiddenSize / attentionHeads;
  }

  /** Rows of the key and value projections. */
  public int keyValueSize() {
    return keyValueHeads * headSize();
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }

  private static void atLeast(String key, int value, int least) {
    require(value >= least, key + " must be at least " + least + ", not " + value);
  }

  private static void tokenId(String key, int id, int vocabSize) {
    require(
        id >= 0 && id < vocabSize,
        "%s must be between 0 and vocab_size - 1 = %d, not %d".formatted(key, vocabSize - 1, id));
  }
}
