package io.couplet.worker;

import io.couplet.worker.v1.GenerateRequest;
import io.couplet.worker.v1.GenerateResponse;
import io.couplet.worker.v1.Sample;
import io.couplet.worker.v1.Scores;
import java.util.List;
import java.util.Optional;

/** Whether an answer is what the protocol promises for its request. Workers are not trusted. */
final class ResponseCheck {
  private static final List<String> STOP_REASONS = List.of("STOP_TOKEN", "LENGTH");

  private final GenerateRequest request;
  private final GenerateResponse response;

  private ResponseCheck(GenerateRequest request, GenerateResponse response) {
    this.request = request;
    this.response = response;
  }

  /** The sentence about another policy than asked for, if it is one. */
  static Optional<String> wrongPolicy(GenerateRequest request, GenerateResponse response) {
    var asked = request.getPolicy();
    var answered = response.getPolicy();
    if (asked.getVersion() == answered.getVersion()
        && asked.getSha256().equals(answered.getSha256())) {
      return Optional.empty();
    }
    return Optional.of(
        "Asked for policy version %d (%s), answered by version %d (%s)"
            .formatted(
                asked.getVersion(),
                asked.getSha256(),
                answered.getVersion(),
                answered.getSha256()));
  }

  /** The sentence about the first broken promise, if there is one. */
  static Optional<String> broken(GenerateRequest request, GenerateResponse response) {
    return new ResponseCheck(request, response).firstBrokenPromise();
  }

  private Optional<String> firstBrokenPromise() {
    if (!response.getGroup().equals(request.getGroup())) {
      return Optional.of(
          "Asked for group %s, answered for group '%s'"
              .formatted(request.getGroup(), response.getGroup()));
    }
    if (response.getSamplesCount() != request.getGroupSize()) {
      return Optional.of(
          "Expected %d samples, found %d"
              .formatted(request.getGroupSize(), response.getSamplesCount()));
    }
    for (int member = 0; member < response.getSamplesCount(); member++) {
      String problem = problemOf(response.getSamples(member), member);
      if (problem != null) {
        return Optional.of("Sample " + member + " of group " + request.getGroup() + ": " + problem);
      }
    }
    return Optional.empty();
  }

  private String problemOf(Sample sample, int member) {
    int length = request.getDecoding().getLength();
    if (sample.getMember() != member) {
      return "expected member " + member + ", found " + sample.getMember();
    }
    if (sample.getPromptIdsCount() == 0) {
      return "it has no prompt tokens";
    }
    if (sample.getCompletionIdsCount() != length
        || sample.getStepMapCount() != length
        || sample.getConfidencesCount() != length) {
      return "expected %d completion ids, step map entries and confidences, found %d, %d and %d"
          .formatted(
              length,
              sample.getCompletionIdsCount(),
              sample.getStepMapCount(),
              sample.getConfidencesCount());
    }
    if (anyNegative(sample.getPromptIdsList()) || anyNegative(sample.getCompletionIdsList())) {
      return "it has a negative token id";
    }
    if (anyNotFinite(sample.getConfidencesList())) {
      return "it has a confidence that is not a finite number";
    }
    if (!STOP_REASONS.contains(sample.getStopReason())) {
      return "expected stop reason STOP_TOKEN or LENGTH, found '" + sample.getStopReason() + "'";
    }
    return problemOfScores(sample, length);
  }

  private String problemOfScores(Sample sample, int length) {
    int rows = request.hasScoring() ? request.getScoring().getInnerIterations() : 0;
    if (sample.getBehaviourScoresCount() != rows) {
      return "expected %d rows of behaviour scores, found %d"
          .formatted(rows, sample.getBehaviourScoresCount());
    }
    for (Scores scores : sample.getBehaviourScoresList()) {
      if (scores.getValuesCount() != length) {
        return "expected %d behaviour scores in a row, found %d"
            .formatted(length, scores.getValuesCount());
      }
      if (anyNotFinite(scores.getValuesList())) {
        return "it has a behaviour score that is not a finite number";
      }
    }
    return null;
  }

  private static boolean anyNegative(List<Integer> ids) {
    return ids.stream().anyMatch(id -> id < 0);
  }

  private static boolean anyNotFinite(List<Float> values) {
    return values.stream().anyMatch(value -> !Float.isFinite(value));
  }
}
