package io.couplet.worker.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
