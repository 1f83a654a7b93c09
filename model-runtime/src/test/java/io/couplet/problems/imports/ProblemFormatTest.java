package io.couplet.problems.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.couplet.problems.Problem;
import io.couplet.problems.ProblemLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemFormatTest {
  private static final String EVALPLUS =
      """
      {"task_id": "HumanEval/2", "prompt": "def half(x):\\n", "entry_point": "half",
       "canonical_solution": "    return [x / 2, 'it\\u2019s']\\n", "atol": 0,
       "base_input": [[3], [12345678901234567890123]],
       "plus_input": [[-0.1], [NaN], [{"k": [true, null, "q'\\\\\\n"]}]]}
      """
          .replace("\n", " ")
          .strip();

  @TempDir Path folder;

  private List<ProblemLine> lines(ProblemFormat format, String... lines) throws IOException {
    Path file = Files.write(folder.resolve("in.jsonl"), List.of(lines));
    try (Stream<ProblemLine> read = format.read(file)) {
      return read.toList();
    }
  }

  private Problem only(ProblemFormat format, String line) throws IOException {
    assertThat(lines(format, line)).hasSize(1);
    ProblemLine read = lines(format, line).get(0);
    assertThat(read).isInstanceOf(ProblemLine.Read.class);
    return ((ProblemLine.Read) read).problem();
  }

  @Test
  void aceCodeKeepsQuestionAndTestsAndLeavesInferencesBehind() throws IOException {
    Problem problem =
        only(
            ProblemFormat.ACECODE,
            "{\"id\": \"oss_7\", \"source\": \"oss\", \"question\": \"Do it.\", \"test_cases\":"
                + " [\"assert f(1)\", \"assert f(2)\"], \"inferences\": [{\"pass_rate\": 0.5}]}");
    assertThat(problem.id()).isEqualTo("oss_7");
    assertThat(problem.question()).isEqualTo("Do it.");
    assertThat(problem.tests()).containsExactly("assert f(1)", "assert f(2)");
  }

  @Test
  void humanEvalIsOneCaseDefinedAfterTheProgram() throws IOException {
    Problem problem =
        only(
            ProblemFormat.HUMANEVAL,
            "{\"task_id\": \"HumanEval/0\", \"prompt\": \"def f(x):\\n\", \"entry_point\": \"f\","
                + " \"canonical_solution\": \"    return x\\n\", \"test\": \"def"
                + " check(candidate):\\n    assert candidate(1) == 1\\n\"}");
    assertThat(problem.prompt()).isEqualTo("def f(x):\n");
    assertThat(problem.solution()).isEqualTo("    return x\n");
    assertThat(problem.tests())
        .containsExactly("def check(candidate):\n    assert candidate(1) == 1\n\ncheck(f)\n");
  }

  @Test
  void mbppFullAndSanitizedGiveTheSameProblem() throws IOException {
    String tests = "\"test_list\": [\"assert set(common((1, 2),(2, 3))) == {2}\"]";
    Problem full =
        only(
            ProblemFormat.MBPP,
            "{\"task_id\": 2, \"text\": \"Find it.\", \"code\": \"def common(a, b): ...\","
                + " \"test_setup_code\": \"import math\", \"challenge_test_list\": [], "
                + tests
                + "}");
    Problem sanitized =
        only(
            ProblemFormat.MBPP,
            "{\"task_id\": 2, \"prompt\": \"Find it.\", \"code\": \"def common(a, b): ...\","
                + " \"test_imports\": [\"import math\"], "
                + tests
                + "}");
    assertThat(full).isEqualTo(sanitized);
    assertThat(full.id()).isEqualTo("mbpp/2");
    assertThat(full.setup()).isEqualTo("import math");
    assertThat(full.entryPoint()).isEqualTo("common");
  }

  @Test
  void evalPlusComparesEachInputWithTheCanonicalSolution() throws IOException {
    Problem problem = only(ProblemFormat.EVALPLUS, EVALPLUS);
    assertThat(problem.tests())
        .containsExactly(
            "assert _agrees(half, [3])",
            "assert _agrees(half, [12345678901234567890123])",
            "assert _agrees(half, [-0.1])",
            "assert _agrees(half, [float('NaN')])",
            "assert _agrees(half, [{'k': [True, None, 'q\\'\\\\\\x0a']}])");
    assertThat(problem.setup()).contains("\\u2019").contains("<= 1.0E-6 +");
  }

  @Test
  void badLinesAreSentencesAndTheOthersAreRead() throws IOException {
    List<ProblemLine> lines =
        lines(
            ProblemFormat.HUMANEVAL,
            "{\"task_id\": \"a\", \"prompt\": \"p\", \"test\": \"t\", \"entry_point\": \"f\"}",
            "nonsense",
            "{\"task_id\": \"b\", \"prompt\": \"p\", \"entry_point\": \"f\"}",
            "{\"task_id\": \"c\", \"prompt\": \"p\", \"test\": \"t\", \"entry_point\": \"f();x\"}",
            "{\"task_id\": \"d\", \"prompt\": \"p\", \"test\": \"t\", \"entry_point\": \"f\"}");
    assertThat(lines)
        .satisfiesExactly(
            a -> assertThat(a).isInstanceOf(ProblemLine.Read.class),
            b -> assertThat(message(b)).contains("line 2 is not valid JSON").endsWith("."),
            c -> assertThat(message(c)).contains("line 3 lacks the key 'test'"),
            d -> assertThat(message(d)).contains("line 4 has 'f();x' at 'entry_point'"),
            e -> assertThat(e).isInstanceOf(ProblemLine.Read.class));
  }

  private static String message(ProblemLine line) {
    return ((ProblemLine.Refused) line).message();
  }

  @Test
  void realMbppProblemsAreReadWhereTheyLieBesideTheRepository() throws IOException {
    Path file = sharedData("mbpp.jsonl");
    assumeTrue(file != null, "No ../shared/data/mbpp.jsonl beside the repository");
    assertThat(io.couplet.problems.ProblemJsonl.readAll(file)).hasSizeGreaterThan(400);
    try (Stream<ProblemLine> lines = ProblemFormat.ACECODE.read(file)) {
      assertThat(lines).allMatch(line -> line instanceof ProblemLine.Read);
    }
  }

  private static Path sharedData(String name) {
    String shared = System.getenv("COUPLET_SHARED");
    if (shared != null && Files.exists(Path.of(shared, "data", name))) {
      return Path.of(shared, "data", name);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve("shared/data").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }
}
