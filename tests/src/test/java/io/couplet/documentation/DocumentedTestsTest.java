package io.couplet.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that the pages name as evidence exist, the class and the method. */
class DocumentedTestsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern NAMED =
      Pattern.compile("`(\\w+(?:Test|IT|Properties))(?:\\.(\\w+))?`");

  @Test
  void everyTestThatAPageNamesExists() throws IOException {
    Map<String, String> sources = testSources();
    List<String> absent = new ArrayList<>();
    int named = 0;
    for (Path page : files(ROOT.resolve("docs"), ".md")) {
      Matcher tests = NAMED.matcher(Files.readString(page));
      while (tests.find()) {
        named++;
        String source = sources.getOrDefault(tests.group(1), "");
        String method = tests.group(2);
        if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
          absent.add(page.getFileName() + " names " + tests.group());
        }
      }
    }
    assertThat(absent).isEmpty();
    assertThat(named).as("tests named in docs/").isGreaterThan(50);
  }

  @Test
  void everyFailureNamesATestThatShowsIt() throws IOException {
    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/failures.md")).stream()
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| ") && !line.startsWith("| fault |"))
            .toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(15);
    assertThat(rows).allSatisfy(row -> assertThat(row.split("\\|")[4]).containsPattern(NAMED));
  }

  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String module :
        List.of("schemas", "model-runtime", "sandbox", "flink-jobs", "infra/local", "tests")) {
      for (Path file : files(ROOT.resolve(module).resolve("src/test/java"), ".java")) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
