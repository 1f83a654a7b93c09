package io.couplet.decoding;

/**
 * One candidate for each query of a {@link DenoisingBatch}.
 *
 * @param tokens [n] sampled (temperature 0: most probable) token, never the mask token
 * @param confidences [n] float32, by the row's algorithm on the filtered, tempered distribution:
 *     probability of the token (maskgit_plus, and origin for the record), p1 - p2 (topk_margin),
 *     sum p log(p + 1e-10) (entropy)
 */
public record Candidates(int[] tokens, float[] confidences) {}
