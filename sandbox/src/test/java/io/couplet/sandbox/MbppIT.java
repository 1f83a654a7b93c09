package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real problems with solutions that are known to pass; skipped where the data set is absent. */
class MbppIT {
  private static final List<JsonNode> PROBLEMS = new ArrayList<>();
  private static SandboxPool pool;

  @BeforeAll
  static void read() throws IOException {
    Path data = find();
    Assumptions.assumeTrue(
        data != null, "mbpp.jsonl not found: set COUPLET_SHARED to the directory that holds data/");
    ObjectMapper json = new ObjectMapper();
    for (String line : Files.readAllLines(data)) {
      PROBLEMS.add(json.readTree(line));
    }
    pool = SandboxPool.open(Pools.twoWorkers());
  }

  @AfterAll
  static void close() {
    if (pool != null) {
      pool.close();
    }
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

  @Test
  void everySolutionPassesWithAndWithoutTheEntryPoint() {
    Map<String, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
    for (JsonNode problem : PROBLEMS) {
      String id = problem.get("id").asText();
      String solution = problem.get("solution").asText();
      verdicts.put(id, pool.submit(job(problem, solution, problem.get("entry_point").asText())));
      verdicts.put(id + " without entry point", pool.submit(job(problem, solution, null)));
    }
    verdicts.forEach((id, verdict) -> assertThat(verdict.join().passRate()).as(id).hasValue(1));
  }

  @Test
  void aRightAnswerWrappedInAWrongOneScoresNothing() {
    Map<String, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
    for (JsonNode problem : PROBLEMS) {
      String entry = problem.get("entry_point").asText();
      String wrong =
          problem.get("solution").asText()
              + "\n_right = "
              + entry
              + "\ndef "
              + entry
              + "(*args, **named):\n"
              + "    return ('wrong', _right(*args, **named))\n";
      verdicts.put(problem.get("id").asText(), pool.submit(job(problem, wrong, entry)));
    }
    verdicts.forEach((id, verdict) -> assertThat(verdict.join().passRate()).as(id).hasValue(0));
  }

  private static SandboxJob job(JsonNode problem, String program, String entry) {
    List<String> tests = new ArrayList<>();
    problem.get("test_cases").forEach(test -> tests.add(test.asText()));
    return new SandboxJob(
        problem.get("id").asText(), program, tests, null, entry, 30_000, OnTimeout.CASE);
  }
}
