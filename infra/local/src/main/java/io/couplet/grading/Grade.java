package io.couplet.grading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.sandbox.CaseOutcome;
import io.couplet.sandbox.CaseResult;
import io.couplet.sandbox.CompletionFormat.Completion;
import io.couplet.sandbox.Verdict;
import java.util.List;
import java.util.stream.Stream;

/** One line of the output of {@code grade}. */
record Grade(String outcome, ObjectNode line) {

  static Grade of(JsonNode id, Verdict verdict) {
    ObjectNode line = start(id, verdict.outcomeName());
    if (verdict.passRate().isPresent()) {
      line.put("pass_rate", verdict.passRate().getAsDouble());
    }
    putCases(line, verdict.cases());
    verdict.reason().ifPresent(why -> line.put("reason", why));
    return new Grade(verdict.outcomeName(), line);
  }

  /** With the format reward; null where the judge could not tell whether the program parses. */
  static Grade of(JsonNode id, Completion completion, Verdict verdict) {
    Grade grade = of(id, verdict);
    verdict
        .programParses()
        .ifPresentOrElse(
            parses -> grade.line.put("format_reward", completion.formatReward(parses)),
            () -> grade.line.putNull("format_reward"));
    return grade;
  }

  static Grade illFormed(Submission.IllFormed submission) {
    String why = "Not run: the completion is not one fenced python block at its end";
    ObjectNode line = start(submission.id(), "FAILED");
    line.put("pass_rate", 0.0);
    putCases(
        line,
        Stream.generate(() -> new CaseResult(CaseOutcome.FAILED, 0, why))
            .limit(submission.cases())
            .toList());
    line.put("reason", why);
    line.put("format_reward", 0.0);
    return new Grade("FAILED", line);
  }

  static Grade malformed(Submission.Malformed submission) {
    ObjectNode line = start(submission.id(), "INVALID");
    putCases(line, List.of());
    line.put("reason", submission.why());
    return new Grade("INVALID", line);
  }

  private static ObjectNode start(JsonNode id, String outcome) {
    ObjectNode line = Submission.JSON.createObjectNode();
    line.set("id", id);
    line.putNull("pass_rate");
    line.put("outcome", outcome);
    return line;
  }

  private static void putCases(ObjectNode line, List<CaseResult> cases) {
    ArrayNode array = line.putArray("cases");
    for (CaseResult one : cases) {
      ObjectNode node = array.addObject();
      node.put("outcome", one.outcome().name());
      node.put("ms", one.ms());
      node.put("detail", one.detail());
    }
  }
}
