package io.couplet.config;

import java.lang.reflect.RecordComponent;
import java.util.Locale;

/** The configuration reference page, made from the records themselves. */
public final class ConfigReference {
  private ConfigReference() {}

  public static String markdown() {
    StringBuilder page =
        new StringBuilder("# Configuration reference\n\n")
            .append("Made from the code by `./couplet run --reference`; do not edit by hand.\n")
            .append(
                "Set a key in the YAML file of `--config`, or with `--set section.key=value`.\n");
    section(RunConfig.defaults(), "", "", page);
    return page.toString();
  }

  private static void section(Record defaults, String path, String meaning, StringBuilder page) {
    StringBuilder rows = new StringBuilder();
    StringBuilder below = new StringBuilder();
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      String key = ConfigBinder.join(path, ConfigBinder.keyOf(component));
      Object value = ConfigBinder.read(component, defaults);
      String doc = component.getAnnotation(Doc.class).value();
      if (value instanceof Record nested) {
        section(nested, key, doc, below);
      } else {
        rows.append("| `")
            .append(key)
            .append("` | ")
            .append(shown(value))
            .append(" | ")
            .append(doc)
            .append(" |\n");
      }
    }
    page.append("\n## ").append(path.isEmpty() ? "Run" : path).append("\n\n");
    if (!meaning.isEmpty()) {
      page.append(meaning).append("\n\n");
    }
    page.append("| key | default | meaning |\n|---|---|---|\n").append(rows).append(below);
  }

  private static String shown(Object value) {
    String text =
        value instanceof Enum<?> constant
            ? constant.name().toLowerCase(Locale.ROOT)
            : value.toString();
    return text.isEmpty() ? "(empty)" : "`" + text + "`";
  }
}
