package io.couplet.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration reference page, made from the records themselves. */
public final class ConfigReference {
  private ConfigReference() {}

  public static String markdown() {
    StringBuilder page =
        new StringBuilder("# Configuration reference\n\n")
            .append("Every key has a default. Set a key in the YAML file of `--config`, or with ")
            .append("`--set section.key=value`;\n")
            .append("`./couplet run --dry-run` prints what a run would use. ")
            .append("A key that is not listed here is refused.\n\n")
            .append("This page is made from the code: ")
            .append("`./couplet run --reference > docs/configuration.md`.\n");
    section(RunConfig.defaults(), "", "", page);
    return page.toString();
  }

  private static void section(Record defaults, String path, String meaning, StringBuilder page) {
    StringBuilder rows = new StringBuilder();
    StringBuilder below = new StringBuilder();
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      String key = ConfigBinder.join(path, ConfigBinder.keyOf(component));
      Object value = ConfigBinder.read(component, defaults);
      Doc doc = component.getAnnotation(Doc.class);
      if (value instanceof Record nested) {
        section(nested, key, doc.value(), below);
      } else {
        row(rows, "`" + key + "`", type(component), shown(value), doc.value(), allowed(component));
      }
    }
    page.append("\n## ").append(path.isEmpty() ? "Run" : path).append("\n\n");
    if (!meaning.isEmpty()) {
      page.append(meaning).append("\n\n");
    }
    row(page, "key", "type", "default", "meaning", "allowed");
    page.append("|---|---|---|---|---|\n").append(rows).append(below);
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String type(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == int.class || type == long.class) {
      return "whole number";
    }
    if (type == double.class) {
      return "number";
    }
    if (type == boolean.class) {
      return "switch";
    }
    if (type == List.class) {
      return "list";
    }
    if (type == Map.class) {
      return "map";
    }
    return type.isEnum() ? "name" : "text";
  }

  private static String allowed(RecordComponent component) {
    if (component.getType() == boolean.class) {
      return "true, false";
    }
    if (component.getType().isEnum()) {
      return Arrays.stream(component.getType().getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));
    }
    return component.getAnnotation(Doc.class).allowed();
  }

  private static String shown(Object value) {
    String text =
        value instanceof Enum<?> constant
            ? constant.name().toLowerCase(Locale.ROOT)
            : value.toString();
    return text.isEmpty() || text.equals("[]") || text.equals("{}") ? "(empty)" : "`" + text + "`";
  }
}
