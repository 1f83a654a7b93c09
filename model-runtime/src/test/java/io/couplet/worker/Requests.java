package io.couplet.worker;

import io.couplet.worker.v1.DecodingSettings;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.PolicyReference;
import io.couplet.worker.v1.ScoringSettings;

/** Requests that tests start from. */
public final class Requests {
  private Requests() {}

  public static GenerateRequest group(String group, int size, int length) {
    return GenerateRequest.newBuilder()
        .setRun("test")
        .setSeed(7)
        .setGroup(group)
        .setGroupSize(size)
        .setPolicy(PolicyReference.newBuilder().setVersion(3).setSha256("ab".repeat(32)))
        .setPrompt("def f(x):\n")
        .setDecoding(
            DecodingSettings.newBuilder()
                .setAlgorithm("entropy")
                .setSchedule("dream")
                .setLength(length)
                .setTemperature(1))
        .setScoring(
            ScoringSettings.newBuilder()
                .setEstimator("coupled")
                .setNormalization("released")
                .setPairs(1)
                .setInnerIterations(2)
                .setMaskRatioLow(0.2f)
                .setMaskRatioHigh(0.8f))
        .setPurpose(Protocol.ROLLOUT)
        .setProblemId("double")
        .build();
  }
}
