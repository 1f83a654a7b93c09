package io.couplet.decoding;

import io.couplet.random.RandomStream;

/**
 * The random numbers of one sample, by (step, position): reading one never depends on which others
 * were read, so skipped steps, finished rows and unasked positions change nothing.
 */
final class SampleNoise {
  private static final int CANDIDATE = 0;
  private static final int COMMIT = 1;
  private static final int LANES = 4; // one Philox block per (step, position)

  private final RandomStream stream;
  private final int length;

  SampleNoise(RandomStream stream, int length) {
    this.stream = stream;
    this.length = length;
  }

  /** Uniform in [0, 1): chooses the candidate token. */
  float candidate(int step, int position) {
    return at(step, position, CANDIDATE);
  }

  /** Uniform in [0, 1): decides whether or in which order the position is committed. */
  float commit(int step, int position) {
    return at(step, position, COMMIT);
  }

  /** Standard Gumbel from the same number as {@link #commit}. */
  double gumbel(int step, int position) {
    double inside = commit(step, position) + 0x1p-25; // in (0, 1)
    return -StrictMath.log(-StrictMath.log(inside));
  }

  String name() {
    return stream.name();
  }

  private float at(int step, int position, int lane) {
    return stream.floatAt(((long) step * length + position) * LANES + lane);
  }
}
