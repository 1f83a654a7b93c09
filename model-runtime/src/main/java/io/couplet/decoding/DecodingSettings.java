package io.couplet.decoding;

/**
 * Everything that decides a sample besides policy, prompt and random stream (algorithms, section
 * 3).
 *
 * @param length completion tokens L, at least 1
 * @param steps denoising steps, at least 1
 * @param temperature 0 is greedy
 * @param topP in (0, 1]
 * @param topK 0 for no limit
 * @param algTemp 0 commits the most confident positions, otherwise positions are drawn from
 *     softmax(confidence / algTemp)
 */
public record DecodingSettings(
    DecodingAlgorithm algorithm,
    DecodingSchedule schedule,
    int length,
    int steps,
    float temperature,
    float topP,
    int topK,
    float algTemp) {
  public DecodingSettings {
    require(length >= 1, "length must be at least 1, not " + length);
    require(steps >= 1, "steps must be at least 1, not " + steps);
    require(
        temperature >= 0 && Float.isFinite(temperature),
        "temperature must be finite and not negative, not " + temperature);
    require(topP > 0 && topP <= 1, "top_p must be in (0, 1], not " + topP);
    require(topK >= 0, "top_k must not be negative, not " + topK);
    require(
        algTemp >= 0 && Float.isFinite(algTemp),
        "alg_temp must be finite and not negative, not " + algTemp);
    require(
        algorithm != DecodingAlgorithm.ORIGIN || schedule == DecodingSchedule.DREAM,
        "algorithm origin transfers by Dream's timetable; set schedule to dream");
  }

  /** The setting's defaults for a completion of that length: entropy, dream, one step per token. */
  public static DecodingSettings defaults(int length, float temperature) {
    return new DecodingSettings(
        DecodingAlgorithm.ENTROPY,
        DecodingSchedule.DREAM,
        length,
        length,
        temperature,
        temperature == 0 ? 1 : 0.95f,
        0,
        0);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("Decoding setting " + message);
    }
  }
}
