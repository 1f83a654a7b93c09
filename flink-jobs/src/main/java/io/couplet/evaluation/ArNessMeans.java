package io.couplet.evaluation;

import io.couplet.analysis.ArNessSummary;
import io.couplet.worker.v1.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** AR-ness of everything that an evaluation generated. */
final class ArNessMeans {
  private static final int FILLED = -1;

  private ArNessMeans() {}

  /** Means up to the stop token; a measure that is undefined for every sample is left out. */
  static Map<String, Double> of(List<ProblemTally> tallies) {
    ArNessSummary summary = new ArNessSummary();
    for (ProblemTally tally : tallies) {
      for (Sample sample : tally.samples()) {
        int[] stepMap = sample.getStepMapList().stream().mapToInt(Integer::intValue).toArray();
        float[] confidences = new float[stepMap.length];
        for (int i = 0; i < confidences.length; i++) {
          confidences[i] = sample.getConfidences(i);
        }
        summary.add(stepMap, confidences, end(stepMap));
      }
    }
    Map<String, Double> defined = new LinkedHashMap<>();
    summary.means().forEach((name, mean) -> putIfDefined(defined, name, mean));
    return defined;
  }

  private static void putIfDefined(Map<String, Double> into, String name, Double mean) {
    if (mean != null && Double.isFinite(mean)) {
      into.put(name, mean);
    }
  }

  /** One behind the stop token: the tail behind it is filled, not committed. */
  private static int end(int[] stepMap) {
    for (int i = 0; i < stepMap.length; i++) {
      if (stepMap[i] == FILLED) {
        return i;
      }
    }
    return stepMap.length;
  }
}
