package io.couplet.bench;

import io.couplet.local.run.MeasuredRun.Measurement;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.util.List;
import java.util.Map;

/** Measurements with figures that can be reckoned by hand. */
final class BenchFigures {
  private BenchFigures() {}

  /** An update of 16 rollouts for which the learner waited 0.5 s. */
  static LedgerEntry update(long step, double stalenessP50, double stalenessP95, long max) {
    return LedgerEntry.newBuilder()
        .setRun("r")
        .setStep(step)
        .setOutcome(UpdateOutcome.UPDATED)
        .setVersionIn(step - 1)
        .setVersionOut(step)
        .setWeightsSha256("w")
        .setPolicySha256("p")
        .setPolicyUri("file:///p")
        .setGroups(List.of())
        .setDrops(List.of())
        .setFirstOffset(0)
        .setLastOffset(0)
        .setConsumedGroups(step * 2)
        .setSeed(1)
        .setLearningRate(1e-4)
        .setLoss(0)
        .setKl(0)
        .setKlMax(0)
        .setClipLowShare(0)
        .setClipHighShare(0)
        .setRatioMax(1)
        .setGradientNorm(1)
        .setRewardMean(0.5)
        .setZeroVarianceShare(0)
        .setStalenessP50(stalenessP50)
        .setStalenessP95(stalenessP95)
        .setStalenessMax(max)
        .setRollouts(16)
        .setTokens(4096)
        .setSeconds(Map.of("waiting", 0.5, "sample_to_gradient", (double) step))
        .setEnvironment(Map.of())
        .setCreatedMs(1_000 * step)
        .build();
  }

  /** Work of 6 s (worker 3, sandbox 1, learner 2), streaming of 2 s (broker 0.5, machinery 0.5). */
  static ProcessorTime processor() {
    return new ProcessorTime(3, 1, 2, 0.5, Map.of("grpc", 0.75, "flink", 0.25), 0.5);
  }

  /** The cores idle for half a second; what is left beside the run's 8 s is somebody else's. */
  static Measurement measurement(
      List<LedgerEntry> updates, double wallSeconds, List<Double> firstCalls) {
    HopLatencies hops =
        new HopLatencies(
            Map.of(HopLatencies.FIRST_CALL, HopLatencies.Percentiles.of(firstCalls)), 400);
    return new Measurement(updates, wallSeconds, processor(), new CoreTime(0.5), hops);
  }
}
