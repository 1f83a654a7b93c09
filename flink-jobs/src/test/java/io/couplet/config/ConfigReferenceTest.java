package io.couplet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference page says what the code does. */
class ConfigReferenceTest {
  private static final Pattern FLOOR = Pattern.compile("(\\d+) or more.*");
  private static final Pattern RANGE = Pattern.compile("(\\d+)\\.\\.(\\d+)");

  private record Key(String path, RecordComponent component) {
    String allowed() {
      return component.getAnnotation(Doc.class).allowed();
    }

    boolean isNumber() {
      Class<?> type = component.getType();
      return type == int.class || type == long.class || type == double.class;
    }
  }

  private static List<Key> keys(Record section, String path) {
    List<Key> keys = new ArrayList<>();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String key = ConfigBinder.join(path, ConfigBinder.keyOf(component));
      if (ConfigBinder.read(component, section) instanceof Record nested) {
        keys.addAll(keys(nested, key));
      } else {
        keys.add(new Key(key, component));
      }
    }
    return keys;
  }

  private static List<Key> keys() {
    return keys(RunConfig.defaults(), "");
  }

  @Test
  void thePageInDocsIsWhatTheCodeSays() throws IOException {
    Path page = Path.of("").toAbsolutePath().resolveSibling("docs/configuration.md");
    assertThat(Files.readString(page))
        .as("%s is out of date: ./couplet run --reference > docs/configuration.md", page)
        .isEqualTo(ConfigReference.markdown());
  }

  @Test
  void everyKeyHasALineWithMeaningAndAllowedValues() {
    for (Key key : keys()) {
      assertThat(ConfigReference.markdown().lines())
          .filteredOn(line -> line.startsWith("| `" + key.path() + "` |"))
          .singleElement()
          .satisfies(
              line -> {
                List<String> cells = List.of(line.split(" *\\| *", -1));
                assertThat(cells).hasSize(7);
                assertThat(cells.subList(1, 6)).noneMatch(String::isBlank);
              });
    }
  }

  @Test
  void numbersOutsideTheAllowedRangeAreRefused() {
    for (Key key : keys()) {
      if (key.isNumber()) {
        List<String> outside = outside(key.allowed());
        if (!key.path().equals("seed")) {
          assertThat(outside).as("%s allows '%s'", key.path(), key.allowed()).isNotEmpty();
        }
        for (String value : outside) {
          assertThatThrownBy(
                  () -> ConfigYaml.with(RunConfig.defaults(), List.of(key.path() + "=" + value)),
                  "%s=%s, allowed: %s",
                  key.path(),
                  value,
                  key.allowed())
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining(key.path().substring(key.path().indexOf('.') + 1));
        }
      }
    }
  }

  /** Values just outside a range in the words of the page. */
  private static List<String> outside(String allowed) {
    List<String> values = new ArrayList<>();
    Matcher floor = FLOOR.matcher(allowed);
    if (floor.matches()) {
      values.add(Long.toString(Long.parseLong(floor.group(1)) - 1));
    }
    Matcher range = RANGE.matcher(allowed);
    if (range.matches()) {
      values.add(Long.toString(Long.parseLong(range.group(1)) - 1));
      values.add(Long.toString(Long.parseLong(range.group(2)) + 1));
    }
    if (allowed.startsWith("above 0")) {
      values.add("0");
    }
    if (allowed.endsWith("below 1")) {
      values.add("1");
    }
    if (allowed.endsWith("at most 1")) {
      values.add("1.001");
    }
    if (allowed.equals("finite")) {
      values.add(".inf");
      values.add(".nan");
    }
    return values;
  }
}
