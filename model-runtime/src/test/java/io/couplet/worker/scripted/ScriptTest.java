package io.couplet.worker.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptTest {
  @TempDir Path directory;

  @Test
  void readsOneProblemPerLine() throws IOException {
    Script script =
        script(
            """
            {"problem_id": "a", "solutions": ["return 1"], "corruptions": ["return 2"], "solve_rate": 0.5}

            {"problem_id": "b", "solutions": ["x"], "corruptions": [], "solve_rate": 1}
            """);
    assertThat(script.size()).isEqualTo(2);
    assertThat(script.entry("a").orElseThrow().corruptions()).containsExactly("return 2");
    assertThat(script.entry("c")).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    List<Problem> problems = new ProblemGenerator(ProblemSplit.TRAINING, 1).distinct(3);
    Path file = directory.resolve("written.jsonl");
    Script.halfSolved(problems).write(file);

    Script read = Script.read(file);
    assertThat(read.size()).isEqualTo(3);
    for (Problem problem : problems) {
      Script.Entry entry = read.entry(problem.id()).orElseThrow();
      assertThat(entry.solutions()).containsExactly(problem.solution());
      assertThat(entry.corruptions()).containsExactly("    return None");
      assertThat(entry.solveRate()).isEqualTo(0.5);
    }
  }

  @Test
  void aWrongLineIsNamed() {
    assertThatThrownBy(
            () ->
                script(
                    """
                    {"problem_id": "a", "solutions": ["x"], "corruptions": [], "solve_rate": 1}
                    {"problem_id": "b", "solutions": [], "corruptions": ["x"], "solve_rate": 0.5}
                    """))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("problem b needs solutions");
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(
            () -> script("{\"problem_id\": \"a\", \"solutions\": [\"x\"], \"corruptions\": []}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("solve_rate");
  }

  private Script script(String lines) throws IOException {
    return Script.read(Files.writeString(directory.resolve("script.jsonl"), lines));
  }
}
