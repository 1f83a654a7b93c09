package io.couplet.grading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.couplet.sandbox.CompletionFormat;
import io.couplet.sandbox.CompletionFormat.Completion;
import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxJob;
import java.util.ArrayList;
import java.util.List;

/** One line of the input of {@code grade}, validated. */
sealed interface Submission {
  JsonNode id();

  /** Program text that is to be run as it stands. */
  record Code(JsonNode id, SandboxJob job) implements Submission {}

  /** Model text in the required form; its program is to be run. */
  record WellFormed(JsonNode id, SandboxJob job, Completion completion) implements Submission {}

  /** Model text in another form: nothing of it is run. */
  record IllFormed(JsonNode id, int cases) implements Submission {}

  /** No submission at all. */
  record Malformed(JsonNode id, String why) implements Submission {}

  ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  int LONGEST_TIMEOUT_MS = 600_000;

  /** Reads a line; whatever is wrong with it becomes {@link Malformed}, never an exception. */
  static Submission read(LineReader.Line line, int defaultTimeoutMs, OnTimeout onTimeout) {
    if (line.flaw() != null) {
      return new Malformed(NullNode.instance, at(line, line.flaw()));
    }
    JsonNode node;
    try {
      node = JSON.readTree(line.text());
    } catch (MismatchedInputException e) {
      return new Malformed(NullNode.instance, at(line, "more follows the JSON object"));
    } catch (JsonProcessingException e) {
      return new Malformed(NullNode.instance, at(line, "not JSON: " + e.getOriginalMessage()));
    }
    if (!node.isObject()) {
      return new Malformed(NullNode.instance, at(line, "expected a JSON object"));
    }
    JsonNode id = node.path("id");
    if (!id.isTextual() && !id.isIntegralNumber()) {
      return new Malformed(NullNode.instance, at(line, "field id must be a string"));
    }
    try {
      return submission(node, id, defaultTimeoutMs, onTimeout);
    } catch (IllegalArgumentException e) {
      return new Malformed(id, at(line, e.getMessage()));
    }
  }

  private static Submission submission(
      JsonNode node, JsonNode id, int defaultTimeoutMs, OnTimeout onTimeout) {
    String code = text(node, "code");
    String model = text(node, "completion");
    if ((code == null) == (model == null)) {
      throw new IllegalArgumentException("exactly one of the fields code and completion is needed");
    }
    List<String> tests = tests(node.path("tests"));
    Completion completion = model == null ? null : CompletionFormat.PYTHON.read(model);
    if (completion != null && !completion.wellFormed()) {
      return new IllFormed(id, tests.size());
    }
    SandboxJob job =
        new SandboxJob(
            id.asText(),
            completion == null ? code : completion.program(),
            tests,
            text(node, "setup"),
            text(node, "entry_point"),
            timeout(node.path("timeout_ms"), defaultTimeoutMs),
            onTimeout);
    return completion == null ? new Code(id, job) : new WellFormed(id, job, completion);
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("field " + field + " must be a string");
    }
    return value.asText();
  }

  private static List<String> tests(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      throw new IllegalArgumentException("field tests must be an array of at least one string");
    }
    List<String> tests = new ArrayList<>(node.size());
    for (JsonNode test : node) {
      if (!test.isTextual()) {
        throw new IllegalArgumentException("field tests must hold strings only");
      }
      tests.add(test.asText());
    }
    return tests;
  }

  private static int timeout(JsonNode node, int defaultTimeoutMs) {
    if (node.isMissingNode() || node.isNull()) {
      return defaultTimeoutMs;
    }
    if (!node.canConvertToExactIntegral()
        || !node.canConvertToInt()
        || node.intValue() < 1
        || node.intValue() > LONGEST_TIMEOUT_MS) {
      throw new IllegalArgumentException(
          "field timeout_ms must be a whole number from 1 to " + LONGEST_TIMEOUT_MS);
    }
    return node.intValue();
  }

  private static String at(LineReader.Line line, String why) {
    return "Line " + line.number() + ": " + why;
  }
}
