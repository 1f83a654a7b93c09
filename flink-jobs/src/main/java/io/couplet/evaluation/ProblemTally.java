package io.couplet.evaluation;

import io.couplet.worker.v1.Sample;
import java.util.List;

/**
 * How one held-out problem went.
 *
 * @param judged samples with a verdict about the program; an infrastructure failure is none
 * @param passed judged samples that passed every test
 * @param samples what was generated, for AR-ness; empty when generation failed
 */
record ProblemTally(String problemId, int judged, int passed, List<Sample> samples) {
  ProblemTally {
    samples = List.copyOf(samples);
  }
}
