package io.couplet.analysis;

import io.couplet.decoding.Candidates;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.Denoiser;
import io.couplet.decoding.DenoisingBatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The entropy sink (DiffuCoder, section 4): how confident a policy is at each position of a fully
 * masked completion. A trained policy is surest next to the prompt and less so further right.
 */
public final class EntropySink {
  private EntropySink() {}

  /**
   * Mean confidence by position at step 0.
   *
   * @param prompts token ids, none empty
   * @param settings completion length, and the algorithm whose confidence is meant
   * @return [L]
   */
  public static double[] profile(
      Denoiser denoiser, List<int[]> prompts, DecodingSettings settings) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("The entropy sink is a mean over at least one prompt");
    }
    int length = settings.length();
    double[] sums = new double[length];
    for (int[] prompt : prompts) {
      int[] row = Arrays.copyOf(prompt, prompt.length + length);
      Arrays.fill(row, prompt.length, row.length, denoiser.config().maskTokenId());
      Candidates candidates =
          denoiser.candidates(
              new DenoisingBatch(
                  new int[][] {row},
                  new int[length],
                  IntStream.range(prompt.length, row.length).toArray(),
                  new float[length],
                  new DecodingSettings[] {settings}));
      for (int i = 0; i < length; i++) {
        sums[i] += candidates.confidences()[i];
      }
    }
    return Arrays.stream(sums).map(sum -> sum / prompts.size()).toArray();
  }
}
