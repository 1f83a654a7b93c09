package io.couplet.rollout;

import io.couplet.decoding.DecodingSettings;
import io.couplet.schemas.Completion;
import io.couplet.schemas.Decoding;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GenerationFailureReason;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.StopReason;
import io.couplet.worker.GenerateOutcome;
import io.couplet.worker.GenerateOutcome.Failed;
import io.couplet.worker.GenerateOutcome.Generated;
import io.couplet.worker.GenerateOutcome.Reason;
import io.couplet.worker.v1.Sample;
import io.couplet.worker.v1.Scores;
import io.couplet.worker.v1.Timings;
import java.util.ArrayList;
import java.util.List;

/** Turns what became of a group into its G rollout records, in member order. */
final class RolloutRecords {
  private final String run;
  private final int groupSize;
  private final int maxPromptTokens;
  private final Decoding decoding;

  RolloutRecords(String run, int groupSize, int maxPromptTokens, DecodingSettings settings) {
    this.run = run;
    this.groupSize = groupSize;
    this.maxPromptTokens = maxPromptTokens;
    decoding =
        new Decoding(
            settings.algorithm().settingName(),
            settings.schedule().settingName(),
            settings.length(),
            settings.steps(),
            settings.temperature(),
            settings.topP(),
            settings.topK(),
            settings.algTemp());
  }

  List<Rollout> of(AdmittedGroup group, String prompt, GroupGeneration.Result result) {
    GenerateOutcome outcome = result.outcome();
    if (outcome instanceof Failed failed) {
      return failures(group, result, reasonOf(failed.reason()), failed.message());
    }
    Generated generated = (Generated) outcome;
    int promptTokens = generated.response().getSamples(0).getPromptIdsCount();
    if (promptTokens > maxPromptTokens) {
      return failures(
          group,
          result,
          GenerationFailureReason.PROMPT_TOO_LONG,
          "The prompt has "
              + promptTokens
              + " tokens; problems.max_prompt_tokens allows "
              + maxPromptTokens);
    }
    List<Rollout> rollouts = new ArrayList<>(groupSize);
    for (Sample sample : generated.response().getSamplesList()) {
      rollouts.add(
          member(group, sample.getMember(), result.attempt())
              .setWorker(workerOf(generated))
              .setOutcome(
                  completion(prompt, sample, generated.response().getTimings(), result.startedMs()))
              .build());
    }
    return rollouts;
  }

  private static String workerOf(Generated generated) {
    String name = generated.response().getWorker();
    return name.isEmpty() ? generated.worker().toString() : name;
  }

  private static GenerationFailureReason reasonOf(Reason reason) {
    return switch (reason) {
      case INVALID_REQUEST -> GenerationFailureReason.INVALID_PROBLEM;
      case POLICY_UNAVAILABLE, WRONG_POLICY -> GenerationFailureReason.WRONG_POLICY;
      case DEADLINE -> GenerationFailureReason.DEADLINE;
      case UNAVAILABLE, OVERLOADED -> GenerationFailureReason.NO_WORKER;
      case GARBAGE, WORKER_ERROR -> GenerationFailureReason.WORKER_ERROR;
    };
  }

  private List<Rollout> failures(
      AdmittedGroup group,
      GroupGeneration.Result result,
      GenerationFailureReason reason,
      String message) {
    List<Rollout> rollouts = new ArrayList<>(groupSize);
    for (int member = 0; member < groupSize; member++) {
      rollouts.add(
          member(group, member, result.attempt())
              .setOutcome(new GenerationFailure(reason, message))
              .build());
    }
    return rollouts;
  }

  private Rollout.Builder member(AdmittedGroup group, int member, int attempt) {
    return Rollout.newBuilder()
        .setRun(run)
        .setGroup(group.group())
        .setSequence(group.sequence())
        .setEpoch(group.epoch())
        .setMember(member)
        .setGroupSize(groupSize)
        .setProblem(group.problem())
        .setPolicyVersion(group.policyVersion())
        .setPolicySha256(group.policySha256())
        .setAttempt(attempt);
  }

  private Completion completion(String prompt, Sample sample, Timings timings, long startedMs) {
    List<List<Float>> scores = new ArrayList<>(sample.getBehaviourScoresCount());
    for (Scores row : sample.getBehaviourScoresList()) {
      scores.add(row.getValuesList());
    }
    return Completion.newBuilder()
        .setPromptText(prompt)
        .setText(sample.getText())
        .setPromptIds(sample.getPromptIdsList())
        .setCompletionIds(sample.getCompletionIdsList())
        .setStepMap(sample.getStepMapList())
        .setConfidences(sample.getConfidencesList())
        .setBehaviourScores(scores)
        .setStopReason(StopReason.valueOf(sample.getStopReason()))
        .setSeed(sample.getSeed())
        .setDecoding(decoding)
        .setTimings(
            new GenerationTimings(
                timings.getQueueMs(),
                timings.getDecodeMs(),
                timings.getScoreMs(),
                timings.getDenoisingSteps(),
                startedMs))
        .build();
  }
}
