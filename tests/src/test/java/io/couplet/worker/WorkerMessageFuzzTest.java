package io.couplet.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import io.couplet.worker.v1.DecodingSettings;
import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.PolicyReference;
import io.couplet.worker.v1.Sample;
import io.couplet.worker.v1.Scores;
import io.couplet.worker.v1.ScoringSettings;
import io.couplet.worker.v1.Timings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Both sides of the worker protocol on damaged messages. */
class WorkerMessageFuzzTest {
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;
  private static final String HASH = "ab".repeat(32);

  private static final GenerateRequest REQUEST =
      GenerateRequest.newBuilder()
          .setRun("test")
          .setSeed(7)
          .setGroup("p@0")
          .setGroupSize(2)
          .setPolicy(PolicyReference.newBuilder().setVersion(3).setSha256(HASH))
          .setPrompt("def f(x):\n")
          .setDecoding(
              DecodingSettings.newBuilder()
                  .setAlgorithm("entropy")
                  .setSchedule("dream")
                  .setLength(4)
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

  private static GenerateResponse response() {
    GenerateResponse.Builder response =
        GenerateResponse.newBuilder()
            .setPolicy(REQUEST.getPolicy())
            .setGroup(REQUEST.getGroup())
            .setWorker("w")
            .setTimings(Timings.newBuilder().setDecodeMs(2.5).setDenoisingSteps(4));
    for (int member = 0; member < REQUEST.getGroupSize(); member++) {
      Scores scores = Scores.newBuilder().addAllValues(List.of(-1f, -2f, -0.5f, 0f)).build();
      response.addSamples(
          Sample.newBuilder()
              .setMember(member)
              .addAllPromptIds(List.of(1, 2, 3))
              .addAllCompletionIds(List.of(4, 5, 6, 300))
              .addAllStepMap(List.of(3, 0, 1, 2))
              .addAllConfidences(List.of(0.5f, 0.25f, -1f, 0f))
              .addBehaviourScores(scores)
              .addBehaviourScores(scores)
              .setText("return x")
              .setStopReason("LENGTH")
              .setSeed("s"));
    }
    return response.build();
  }

  @Test
  void everyDamagedAnswerIsAnAnswerOrTheSentenceAboutABrokenPromise() throws Exception {
    Fuzzing.run(
        Fuzzing.inputs(20_000),
        new Damage("answers", List.of(response().toByteArray())),
        MOST_BYTES_PER_INPUT,
        input -> {
          GenerateResponse response;
          try {
            response = GenerateResponse.parseFrom(input);
          } catch (InvalidProtocolBufferException e) {
            throw new Refusal(e); // gRPC answers such bytes with a status
          }
          refuse(ResponseCheck.wrongPolicy(REQUEST, response));
          refuse(ResponseCheck.broken(REQUEST, response));
        });
  }

  private static void refuse(Optional<String> sentence) throws Refusal {
    if (sentence.isPresent()) {
      throw new Refusal(new IllegalArgumentException(sentence.get()));
    }
  }

  @Test
  void everyDamagedRequestIsARequestOrRefusedWithASentence() throws Exception {
    Fuzzing.run(
        Fuzzing.inputs(20_000),
        new Damage("requests", List.of(REQUEST.toByteArray())),
        MOST_BYTES_PER_INPUT,
        input -> {
          GenerateRequest request;
          try {
            request = GenerateRequest.parseFrom(input);
          } catch (InvalidProtocolBufferException e) {
            throw new Refusal(e);
          }
          Protocol.policy(request.getPolicy());
          try {
            new GroupTask(request, null);
          } catch (IllegalArgumentException e) {
            throw new Refusal(e);
          }
        });
  }
}
