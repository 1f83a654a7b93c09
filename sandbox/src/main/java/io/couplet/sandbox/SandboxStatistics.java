package io.couplet.sandbox;

import java.util.Map;

/**
 * What a pool has done so far.
 *
 * @param jobs verdicts given since the pool was opened
 * @param perSecond verdicts per second over the last ten seconds (or since opening, if shorter)
 * @param p50Ms median time in a worker of the latest verdicts, milliseconds; 0 before the first
 * @param p99Ms 99th percentile of the same
 * @param outcomes verdicts by {@link Verdict#outcomeName()}
 * @param workerRestarts workers lost and started again
 * @param waiting jobs in the queue
 */
public record SandboxStatistics(
    long jobs,
    double perSecond,
    double p50Ms,
    double p99Ms,
    Map<String, Long> outcomes,
    long workerRestarts,
    int waiting) {
  public SandboxStatistics {
    outcomes = Map.copyOf(outcomes);
  }
}
