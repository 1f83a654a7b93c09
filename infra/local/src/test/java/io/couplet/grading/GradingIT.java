package io.couplet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.cli.BadInputException;
import io.couplet.grading.Grading.Progress;
import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static SandboxPool pool;

  @TempDir private Path directory;

  @BeforeAll
  static void open() {
    pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(2));
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static Progress grade(Path input, Path output, boolean resume) throws IOException {
    return new Grading(pool, 8, 5000, OnTimeout.CASE, progress -> {}).run(input, output, resume);
  }

  private static String line(int i) throws IOException {
    String program = "def f(x):\n    return x" + (i % 3 == 0 ? "" : " + 1") + "\n";
    return JSON.writeValueAsString(
        Map.of("id", "p" + i, "code", program, "tests", List.of("assert f(1) == 2")));
  }

  private static List<JsonNode> read(Path output) throws IOException {
    List<JsonNode> grades = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      grades.add(JSON.readTree(line));
    }
    return grades;
  }

  @Test
  void gradesComeInInputOrder() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      lines.add(line(i));
    }
    Path input = Files.write(directory.resolve("in"), lines);
    Progress done = grade(input, directory.resolve("out"), false);
    assertThat(done.outcomes()).isEqualTo(Map.of("FAILED", 20L, "PASSED", 40L));
    List<JsonNode> grades = read(directory.resolve("out"));
    for (int i = 0; i < 60; i++) {
      assertThat(grades.get(i).path("id").asText()).isEqualTo("p" + i);
      assertThat(grades.get(i).path("pass_rate").asDouble()).isEqualTo(i % 3 == 0 ? 0 : 1);
    }
  }

  @Test
  void aResumedGradingEndsWithTheSameGradesWhereverItWasCut() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      lines.add(i == 5 ? "no json" : line(i));
    }
    Path input = Files.write(directory.resolve("in"), lines);
    Path whole = directory.resolve("whole");
    grade(input, whole, false);
    byte[] bytes = Files.readAllBytes(whole);
    for (int cut : new int[] {0, 1, bytes.length / 3, bytes.length / 2, bytes.length}) {
      Path output = Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, cut));
      Progress done = grade(input, output, true);
      assertThat(done.graded() + done.resumed()).isEqualTo(12);
      assertThat(read(output).stream().map(g -> g.path("id") + g.path("outcome").asText()))
          .containsExactlyElementsOf(
              read(whole).stream().map(g -> g.path("id") + g.path("outcome").asText()).toList());
    }
  }

  @Test
  void anOutputOfAnotherInputIsNotContinued() throws IOException {
    Path first = Files.write(directory.resolve("first"), List.of(line(1), line(2)));
    Path second = Files.write(directory.resolve("second"), List.of(line(2), line(1)));
    Path output = directory.resolve("out");
    grade(first, output, false);
    assertThatThrownBy(() -> grade(second, output, true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Cannot resume");
  }

  @Test
  void aLineThatIsNoSubmissionIsInvalidAndTheOthersAreGraded() throws IOException {
    List<byte[]> bad =
        List.of(
            "not json".getBytes(StandardCharsets.UTF_8),
            new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', '}'},
            "[".repeat(100_000).getBytes(StandardCharsets.UTF_8),
            "[]".getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\"} {}".getBytes(StandardCharsets.UTF_8),
            "{\"code\":\"x=1\",\"tests\":[\"assert x\"]}".getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\",\"tests\":[\"assert x\"]}".getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\",\"code\":\"x=1\",\"tests\":[]}".getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\",\"code\":\"x=1\",\"tests\":[1]}".getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\",\"code\":\"x=1\\u0000\",\"tests\":[\"assert x\"]}"
                .getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\",\"code\":\"x='\\ud800'\",\"tests\":[\"assert x\"]}"
                .getBytes(StandardCharsets.UTF_8),
            ("{\"id\":\"a\",\"code\":\"" + "x".repeat(10_000_000) + "\",\"tests\":[\"assert x\"]}")
                .getBytes(StandardCharsets.UTF_8),
            "{\"id\":\"a\",\"code\":\"x=1\",\"tests\":[\"assert x\"],\"timeout_ms\":0}"
                .getBytes(StandardCharsets.UTF_8));
    Path input = directory.resolve("in");
    try (var out = Files.newOutputStream(input)) {
      for (byte[] line : bad) {
        out.write(line);
        out.write('\n');
        out.write(line(1).getBytes(StandardCharsets.UTF_8));
        out.write('\n');
      }
    }
    Path output = directory.resolve("out");
    grade(input, output, false);
    List<JsonNode> grades = read(output);
    assertThat(grades).hasSize(2 * bad.size());
    for (int i = 0; i < grades.size(); i++) {
      JsonNode grade = grades.get(i);
      assertThat(grade.path("outcome").asText())
          .as(grade.toString())
          .isEqualTo(i % 2 == 0 ? "INVALID" : "PASSED");
      assertThat(grade.path("reason").isTextual()).isEqualTo(i % 2 == 0);
      assertThat(grade.path("pass_rate").isNull()).isEqualTo(i % 2 == 0);
    }
  }
}
