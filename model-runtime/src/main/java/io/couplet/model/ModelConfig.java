package io.couplet.model;

/**
 * The keys of a Hugging Face {@code config.json} that define a Dream-architecture model
 * (algorithms, section 1).
 *
 * @param rightShift logits at position i predict token i + 1 (Dream, DiffuCoder); false: token i
 *     (LLaDA)
 * @param tieWordEmbeddings the output projection is the embedding matrix
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
  public int headSize() {
    return hiddenSize / attentionHeads;
  }
}
