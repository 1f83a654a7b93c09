package io.couplet.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about failures against the tests that it names. */
class FailurePagesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  @Test
  void everyRowNamesATestAndEveryTestThatIsNamedExists() throws Exception {
    Map<String, Path> sources = testSources();
    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/failures.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| fault |"))
            .toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(15);
    for (String row : rows) {
      String[] cells = row.split("\\|");
      assertThat(cells).as(row).hasSize(5);
      List<String> named =
          NAMED
              .matcher(cells[4])
              .results()
              .map(test -> test.group(1) + " " + test.group(2))
              .toList();
      assertThat(named).as("tests of the row: " + row).isNotEmpty();
      for (String test : named) {
        String type = test.split(" ")[0];
        String method = test.split(" ")[1];
        assertThat(sources).as("a test class of that name").containsKey(type);
        assertThat(Files.readString(sources.get(type)))
            .as(sources.get(type).toString())
            .containsPattern(
                "@(Test|ParameterizedTest|Property)\\b[^;]*?\\bvoid " + method + "\\(");
      }
    }
  }

  private static Map<String, Path> testSources() throws IOException {
    Map<String, Path> sources = new TreeMap<>();
    for (String module :
        List.of("schemas", "model-runtime", "sandbox", "flink-jobs", "infra/local", "tests")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
      }
    }
    return sources;
  }
}
