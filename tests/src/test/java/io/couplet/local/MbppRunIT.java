package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.cli.Couplet;
import io.couplet.cluster.JavaProcess;
import io.couplet.local.rundir.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Real problems through the whole loop: MBPP imported, sent, answered by a scripted worker (known
 * solutions and one corruption, no model) in the fenced form that the chat styles ask for, judged
 * by their own tests, learned from and replayed. Skipped where the data set is absent.
 */
class MbppRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int PROBLEMS = 24;
  private static final int LONGEST_SOLUTION = 380;
  private static final int LONGEST_QUESTION = 160;

  @TempDir private Path directory;

  @BeforeEach
  void runsAreHere() {
    System.setProperty(RunDirectory.RUNS_PROPERTY, directory.resolve("runs").toString());
  }

  @AfterEach
  void runsAreElsewhere() {
    System.clearProperty(RunDirectory.RUNS_PROPERTY);
  }

  @Test
  void importedProblemsAreSolvedJudgedLearnedFromAndReplayed() throws Exception {
    couplet(
        "problems",
        "import",
        "--format",
        "acecode",
        "--in",
        data(),
        "--out",
        directory.resolve("all.jsonl").toString());
    List<JsonNode> problems = chosen();
    write("problems.jsonl", problems);
    write("script.jsonl", problems.stream().map(MbppRunIT::script).toList());
    SmallPolicy.write(directory.resolve("policy"), 1024);
    Files.writeString(
        directory.resolve("run.yaml"),
        """
        name: mbpp
        policy: {initial: policy}
        problems: {source: problems.jsonl, prompt_style: chat_with_test, max_prompt_tokens: 700}
        rewards: {tests_weight: 2.0, format_weight: 0.5}
        groups: {size: 4}
        admission: {groups_per_update: 2}
        decoding: {length: 440}
        evaluation: {every: 0}
        local: {scripted: script.jsonl}
        """);

    JavaProcess.run(
        JavaProcess.Program.couplet(
            "run", directory, List.of("run", "--config", "run.yaml", "--until-step", "2")),
        PATIENCE);

    List<JsonNode> updates = lines(directory.resolve("runs/mbpp/metrics.jsonl"));
    assertThat(updates).hasSize(3);
    assertThat(updates.subList(1, 3))
        .allSatisfy(
            update ->
                assertThat(update.path("reward_mean").asDouble())
                    .as("between all wrong (0.5 for the format) and all right")
                    .isGreaterThan(0.5)
                    .isLessThan(2.5));
    assertThat(couplet("dead-letters", "list", "--name", "mbpp"))
        .contains("There are no dead letters");
    String entry = couplet("ledger", "--name", "mbpp", "--step", "1", "--json");
    String group = JSON.readTree(entry).path("groups").get(0).path("group").asText();
    assertThat(group).startsWith("mbpp/");
    assertThat(couplet("inspect", group, "--name", "mbpp"))
        .contains("def ")
        .contains("PASSED")
        .contains("FAILED");
    assertThat(couplet("replay", "mbpp")).contains("verified:");
  }

  /** Problems that a very small model has room for. */
  private List<JsonNode> chosen() throws IOException {
    List<JsonNode> chosen =
        lines(directory.resolve("all.jsonl")).stream()
            .filter(problem -> problem.path("solution").asText().length() < LONGEST_SOLUTION)
            .filter(problem -> problem.path("question").asText().length() < LONGEST_QUESTION)
            .limit(PROBLEMS)
            .toList();
    assertThat(chosen).hasSize(PROBLEMS);
    return chosen;
  }

  private static JsonNode script(JsonNode problem) {
    String solution = problem.path("solution").asText().strip();
    return JSON.valueToTree(
        Map.of(
            "problem_id",
            problem.path("id").asText(),
            "solutions",
            List.of("Here it is.\n```python\n" + solution + "\n```"),
            "corruptions",
            List.of("```python\ndef wrong():\n    return None\n```"),
            "solve_rate",
            0.5));
  }

  private static String data() {
    String shared = System.getenv("COUPLET_SHARED");
    Path data = shared == null ? beside() : Path.of(shared, "data", "mbpp.jsonl");
    Assumptions.assumeTrue(
        data != null && Files.isRegularFile(data),
        "mbpp.jsonl not found: set COUPLET_SHARED to the directory that holds data/");
    return data.toString();
  }

  private static Path beside() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("shared/data/mbpp.jsonl");
      if (Files.isRegularFile(found)) {
        return found;
      }
    }
    return null;
  }

  /** A command in this process: only the run itself needs one of its own. */
  private String couplet(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Couplet.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    assertThat(line.execute(arguments)).as(err.toString()).isZero();
    return out.toString();
  }

  private void write(String name, List<JsonNode> nodes) throws IOException {
    List<String> lines = new ArrayList<>();
    for (JsonNode node : nodes) {
      lines.add(JSON.writeValueAsString(node));
    }
    Files.write(directory.resolve(name), lines);
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      nodes.add(JSON.readTree(line));
    }
    return nodes;
  }
}
