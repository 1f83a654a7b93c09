package io.couplet.cli;

import io.couplet.decoding.DecodingAlgorithm;
import io.couplet.decoding.DecodingSchedule;
import io.couplet.decoding.DecodingSettings;
import picocli.CommandLine.Option;

/** The options that decide a sample, shared by the commands that decode. */
final class DecodingOptions {
  @Option(
      names = "--algorithm",
      defaultValue = "entropy",
      description = "origin, maskgit_plus, topk_margin or entropy (default: ${DEFAULT-VALUE})")
  private String algorithm;

  @Option(
      names = "--schedule",
      defaultValue = "dream",
      description = "dream or uniform (default: ${DEFAULT-VALUE})")
  private String schedule;

  @Option(
      names = "--length",
      description = "Completion tokens (default: 64, less where the policy has no room)")
  private Integer length;

  @Option(names = "--steps", description = "Denoising steps (default: one per token)")
  private Integer steps;

  @Option(names = "--top-p", description = "In (0, 1] (default: 0.95, or 1 at temperature 0)")
  private Float topP;

  @Option(
      names = "--top-k",
      defaultValue = "0",
      description = "0: no limit (default: ${DEFAULT-VALUE})")
  private int topK;

  @Option(
      names = "--alg-temp",
      defaultValue = "0",
      description = "0 commits the most confident positions (default: ${DEFAULT-VALUE})")
  private float algTemp;

  /**
   * @param room most completion tokens that fit
   */
  DecodingSettings settings(float temperature, int room) {
    int tokens = length == null ? Math.min(64, Math.max(1, room)) : length;
    return new DecodingSettings(
        DecodingAlgorithm.of(algorithm),
        DecodingSchedule.of(schedule),
        tokens,
        steps == null ? tokens : steps,
        temperature,
        topP == null ? (temperature == 0 ? 1 : 0.95f) : topP,
        topK,
        algTemp);
  }
}
