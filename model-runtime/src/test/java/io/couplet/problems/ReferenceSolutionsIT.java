package io.couplet.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every reference solution, trivial answers and changed solutions under the real Python. */
class ReferenceSolutionsIT {
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final int PROBLEMS_PER_FAMILY = 25;

  private static JsonNode verdict;
  private static int problems;

  @BeforeAll
  static void judgeAllInOneProcess(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(PYTHON), () -> "No " + PYTHON + " to run the solutions with");
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (ProblemSplit split : ProblemSplit.values()) {
      ProblemGenerator generator = new ProblemGenerator(split, 11);
      for (int i = 0; i < PROBLEMS_PER_FAMILY * generator.families().size(); i++) {
        Problem problem = generator.problem(i);
        lines.add(
            json.writeValueAsString(
                Map.of(
                    "id", problem.id(),
                    "prompt", problem.prompt(),
                    "solution", problem.solution(),
                    "tests", problem.tests())));
      }
    }
    problems = lines.size();
    Path script = folder.resolve("judge.py");
    try (InputStream source =
        ReferenceSolutionsIT.class.getResourceAsStream("judge_solutions.py")) {
      Files.copy(source, script);
    }
    Path input = Files.write(folder.resolve("input"), lines);
    verdict = json.readTree(run(script, input, folder.resolve("output")).toFile());
  }

  private static Path run(Path script, Path input, Path output) throws Exception {
    Process python =
        new ProcessBuilder(PYTHON.toString(), "-I", "-S", script.toString())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(python.waitFor()).isZero();
    return output;
  }

  @Test
  void everyReferenceSolutionPassesTheTestsThatJavaComputed() {
    assertThat(verdict.get("failed")).isEmpty();
    assertThat(problems).isGreaterThan(1500);
  }

  @Test
  void noConstantAndNoReturnedArgumentPasses() {
    assertThat(verdict.get("constant")).isEmpty();
  }

  @Test
  void solutionsWithOneThingChangedFail() throws IOException {
    double mutants = verdict.get("mutants").asDouble();
    assertThat(mutants).isGreaterThan(4.0 * problems / 3);
    assertThat(verdict.get("survivors").size() / mutants)
        .as("survivors such as %s", verdict.get("survivors").path(0))
        .isLessThan(0.05);
  }
}
