package io.couplet.sandbox;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The worker protocol's messages as JSON. */
final class JobCodec {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();

  private static final int MOST_SHOWN = 200;

  private JobCodec() {}

  /** First frame: everything a worker is made of. */
  static byte[] boot(LanguageRunner runner, SandboxSettings settings, IsolationTier tier)
      throws IOException {
    ObjectNode message = JSON.createObjectNode();
    message.put("tier", tier.wireName());
    message.put("interpreter", runner.interpreter().toString());
    message.put("memory_mb", settings.memoryMb());
    message.put("threads", settings.threads());
    ObjectNode sources = message.putObject("sources");
    runner.sources().forEach(sources::put);
    return JSON.writeValueAsBytes(message);
  }

  static byte[] job(SandboxJob job) throws IOException {
    ObjectNode message = JSON.createObjectNode();
    message.put("program", job.program());
    job.tests().forEach(message.putArray("tests")::add);
    message.put("setup", job.setup());
    message.put("entry_point", job.entryPoint());
    message.put("timeout_ms", job.timeoutMs());
    message.put("whole", job.onTimeout() == OnTimeout.COMPLETION);
    return JSON.writeValueAsBytes(message);
  }

  static JsonNode read(byte[] frame) throws IOException {
    return JSON.readTree(frame);
  }

  /** The judge's answer to {@code job}; anything unexpected is an error of the worker. */
  static Verdict verdict(SandboxJob job, byte[] frame) throws IOException {
    JsonNode message = JSON.readTree(frame);
    if (message.path("invalid").isTextual()) {
      return new Verdict.Invalid(
          message.get("invalid").asText(), message.path("program_at_fault").asBoolean());
    }
    List<CaseResult> cases = new ArrayList<>(job.tests().size());
    for (JsonNode one : message.path("cases")) {
      cases.add(caseOf(one));
    }
    if (cases.size() != job.tests().size()) {
      throw new IOException(
          "The worker judged " + cases.size() + " of " + job.tests().size() + " cases");
    }
    return conclude(job, cases, message.path("parses").asBoolean());
  }

  private static CaseResult caseOf(JsonNode one) throws IOException {
    Optional<CaseOutcome> outcome =
        Arrays.stream(CaseOutcome.values())
            .filter(known -> known.name().equals(one.path(0).textValue()))
            .findFirst();
    double ms = one.path(1).asDouble(-1);
    String detail = one.path(2).textValue();
    boolean passed = outcome.isPresent() && outcome.get() == CaseOutcome.PASSED;
    if (outcome.isEmpty() || !(ms >= 0 && ms <= Long.MAX_VALUE) || (detail == null && !passed)) {
      throw new IOException(
          "Expected a case [outcome, milliseconds, detail] from the worker, found "
              + cut(one.toString()));
    }
    return new CaseResult(outcome.get(), ms, detail);
  }

  private static String cut(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  private static Verdict conclude(SandboxJob job, List<CaseResult> cases, boolean parses) {
    for (CaseResult one : cases) {
      if (one.outcome() == CaseOutcome.TIMEOUT) {
        return new Verdict.TimedOut(cases, job.onTimeout(), one.detail());
      }
    }
    for (CaseResult one : cases) {
      if (one.outcome() != CaseOutcome.PASSED) {
        return new Verdict.Failed(cases, parses, one.detail());
      }
    }
    return new Verdict.Passed(cases);
  }
}
