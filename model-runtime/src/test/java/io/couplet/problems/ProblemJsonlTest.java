package io.couplet.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemJsonlTest {
  private static final Problem FULL =
      new Problem(
          "t/1",
          "Add them – alle.\n",
          "Be brief.",
          null,
          List.of("assert f(1) == 1", "assert f('\"\\u2028') == 2"),
          "f",
          "import math",
          "def f(x):\n    return x",
          1500,
          List.of("loops", "easy"));
  private static final Problem SHORT =
      new Problem(
          "t/2",
          null,
          null,
          "def f(x):\n",
          List.of("assert f(1)"),
          null,
          null,
          null,
          null,
          List.of());

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBackEqual() throws IOException {
    Path file = folder.resolve("p.jsonl");
    assertThat(ProblemJsonl.write(file, Stream.of(FULL, SHORT))).isEqualTo(2);
    assertThat(ProblemJsonl.readAll(file)).containsExactly(FULL, SHORT);
    assertThat(ProblemJsonl.parse(ProblemJsonl.toJson(FULL))).isEqualTo(FULL);
  }

  @Test
  void gzipIsRecognisedByContent() throws IOException {
    Path file = folder.resolve("no-telling-name");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(ProblemJsonl.toJson(FULL).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(ProblemJsonl.readAll(file)).containsExactly(FULL);
  }

  @Test
  void badLinesAreNamedAndTheOthersRead() throws IOException {
    Path file = folder.resolve("p.jsonl");
    String good = ProblemJsonl.toJson(SHORT);
    Files.writeString(
        file,
        String.join(
            "\n",
            good,
            "",
            "{\"id\": ",
            "[1]",
            "{\"id\": 7, \"question\": \"q\", \"test_cases\": [\"a\"]}",
            "{\"id\": \"x\", \"question\": \"q\", \"test_cases\": []}",
            "{\"id\": \"x\", \"question\": \"q\", \"prompt\": \"p\", \"test_cases\": [\"a\"]}",
            "{\"id\": \"x\", \"question\": \"q\", \"test_cases\": [\"a\"], \"entrypoint\": \"f\"}",
            "{\"id\": \"x\", \"question\": \"q\", \"test_cases\": [\"a\", 3]}",
            "{\"id\": \"x\", \"question\": \"q\", \"test_cases\": [\"a\"], \"timeout\": -1}",
            good,
            "{\"id\": \"last\", \"question\": \"q\", \"test_cases\": [\"a\"]}"));
    List<ProblemLine> lines;
    try (Stream<ProblemLine> all = ProblemJsonl.lines(file)) {
      lines = all.toList();
    }
    assertThat(lines.stream().map(ProblemLine::number))
        .containsExactly(1L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    String refusals =
        lines.stream()
            .filter(ProblemLine.Refused.class::isInstance)
            .map(line -> ((ProblemLine.Refused) line).message())
            .collect(Collectors.joining("\n"));
    assertThat(refusals.lines()).hasSize(9).allMatch(message -> message.endsWith("."));
    assertThat(refusals)
        .contains("line 3 is not valid JSON")
        .contains("line 4 is a JSON array")
        .contains("line 5 has a number at 'id'")
        .contains("line 6 has no test")
        .contains("line 7 must have exactly one of")
        .contains("line 8 has unknown keys [entrypoint]")
        .contains("line 9 has a number in 'test_cases'")
        .contains("line 10 has a 'timeout' of -1.0 s")
        .contains("line 11 repeats the id 't/2' of line 1");
    assertThatThrownBy(() -> ProblemJsonl.readAll(file)).hasMessageContaining("line 3");
  }

  @Test
  void anOverlongLineIsSkippedWithoutEndingTheFile() throws IOException {
    Path file = folder.resolve("p.jsonl");
    String huge = "\"" + "x".repeat(JsonLines.MAXIMUM_LINE_BYTES) + "\"";
    Files.writeString(file, huge + "\n" + ProblemJsonl.toJson(SHORT) + "\n");
    try (Stream<ProblemLine> lines = ProblemJsonl.lines(file)) {
      assertThat(lines)
          .satisfiesExactly(
              first -> assertThat(((ProblemLine.Refused) first).message()).contains("bytes"),
              second -> assertThat(((ProblemLine.Read) second).problem()).isEqualTo(SHORT));
    }
  }

  @Test
  void bytesThatAreNotUtf8AndACutGzipFileAreSentences() throws IOException {
    Path file = folder.resolve("p.jsonl");
    Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
    assertThatThrownBy(() -> ProblemJsonl.readAll(file)).hasMessageContaining("not UTF-8");
    Files.write(file, new byte[] {0x1f, (byte) 0x8b, 0});
    assertThatThrownBy(() -> ProblemJsonl.readAll(file)).hasMessageContaining("gzip");
    Files.writeString(file, "\n\n");
    assertThatThrownBy(() -> ProblemJsonl.readAll(file)).hasMessageContaining("no problem");
  }
}
