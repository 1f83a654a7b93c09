package io.couplet.decoding;

/**
 * How many tokens each step commits: the schedule of Dream's {@code diffusion_generate}, or LLaDA's
 * (algorithms, section 3). Computed in float32 like the released code, so that rounding at whole
 * numbers falls on the same side.
 */
final class Timetable {
  /** Time at the end of the schedule; 1 at its start. */
  private static final float EPSILON = 1e-3f;

  private final DecodingSchedule schedule;
  private final int length;
  private final int steps;

  Timetable(DecodingSettings settings) {
    schedule = settings.schedule();
    length = settings.length();
    steps = settings.steps();
  }

  /**
   * Tokens to commit at a step.
   *
   * @param step 0 .. steps - 1
   * @param masked positions still masked before it
   */
  int commits(int step, int masked) {
    if (isLast(step)) {
      return masked;
    }
    return switch (schedule) {
      case DREAM -> (int) (masked * share(step));
      case UNIFORM -> Math.min(masked, length / steps + (step < length % steps ? 1 : 0));
    };
  }

  /** Dream's share of the masked positions that a step commits, 1 - t[i+1] / t[i]; last step 1. */
  float share(int step) {
    return isLast(step) ? 1 : 1 - time(step + 1) / time(step);
  }

  private boolean isLast(int step) {
    return step == steps - 1;
  }

  /** linspace(1, epsilon, steps + 1) at i; counted from the nearer end, as torch does. */
  private float time(int i) {
    float width = (EPSILON - 1) / steps;
    return i < (steps + 1) / 2 ? 1 + width * i : EPSILON - width * (steps - i);
  }
}
