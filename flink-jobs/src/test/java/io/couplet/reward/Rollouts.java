package io.couplet.reward;

import io.couplet.schemas.Completion;
import io.couplet.schemas.Decoding;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GenerationFailureReason;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Problem;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.StopReason;
import java.util.List;

/** Rollouts for the tests of the reward job. */
final class Rollouts {
  private Rollouts() {}

  static Rollout completed(String group, int member, Problem problem, String text) {
    return rollout(group, member, problem)
        .setOutcome(
            Completion.newBuilder()
                .setPromptText("prompt")
                .setText(text)
                .setPromptIds(List.of(1))
                .setCompletionIds(List.of(2))
                .setStepMap(List.of(0))
                .setConfidences(List.of(1f))
                .setBehaviourScores(List.of(List.of(-1f)))
                .setStopReason(StopReason.STOP_TOKEN)
                .setSeed("seed")
                .setDecoding(new Decoding("entropy", "dream", 1, 1, 1f, 1f, 0, 0f))
                .setTimings(new GenerationTimings(0.0, 0.0, 0.0, 1, 0L))
                .build())
        .build();
  }

  static Rollout failed(String group, int member, Problem problem) {
    return rollout(group, member, problem)
        .setOutcome(new GenerationFailure(GenerationFailureReason.PROMPT_TOO_LONG, "too long"))
        .build();
  }

  private static Rollout.Builder rollout(String group, int member, Problem problem) {
    return Rollout.newBuilder()
        .setRun("run")
        .setGroup(group)
        .setSequence(0L)
        .setEpoch(0)
        .setMember(member)
        .setGroupSize(4)
        .setProblem(problem)
        .setPolicyVersion(4L)
        .setPolicySha256("ab".repeat(32));
  }
}
