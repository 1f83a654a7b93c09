package io.couplet.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The problems of MBPP with solutions that are known to pass. */
final class MbppProblems {
  private static final int TIMEOUT_MS = 30_000;

  private MbppProblems() {}

  /** All solutions as jobs; skips the test that asks, with a sentence, where the file is absent. */
  static List<SandboxJob> readOrSkip() {
    Path data = find();
    Assumptions.assumeTrue(
        data != null, "mbpp.jsonl not found: set COUPLET_SHARED to the directory that holds data/");
    ObjectMapper json = new ObjectMapper();
    List<SandboxJob> jobs = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(data)) {
        jobs.add(job(json.readTree(line)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jobs;
  }

  private static SandboxJob job(JsonNode problem) {
    List<String> tests = new ArrayList<>();
    problem.get("test_cases").forEach(test -> tests.add(test.asText()));
    return new SandboxJob(
        problem.get("id").asText(),
        problem.get("solution").asText(),
        tests,
        null,
        problem.get("entry_point").asText(),
        TIMEOUT_MS,
        OnTimeout.CASE);
  }

  private static Path find() {
    String shared = System.getenv("COUPLET_SHARED");
    if (shared != null) {
      return existing(Path.of(shared, "data", "mbpp.jsonl"));
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = existing(at.resolve("shared").resolve("data").resolve("mbpp.jsonl"));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Path existing(Path path) {
    return Files.isRegularFile(path) ? path : null;
  }
}
