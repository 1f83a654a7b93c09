package io.couplet.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads and writes {@link RunConfig} as YAML. Thread-safe. */
public final class ConfigYaml {
  private static final String HIDDEN = "(hidden)";
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ConfigYaml() {}

  /** Reads a file over the defaults. */
  public static RunConfig read(Path file) {
    return read(file, RunConfig.defaults());
  }

  /** Reads a file over {@code base}: keys that the file does not set keep their value. */
  public static RunConfig read(Path file, RunConfig base) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException("There is no configuration file " + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the configuration file " + file, e);
    }
    try {
      return parse(text, base);
    } catch (ConfigException e) {
      throw new ConfigException(file + ": " + e.getMessage(), e);
    }
  }

  /** Parses YAML text over {@code base}. */
  public static RunConfig parse(String yaml, RunConfig base) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "This is not YAML: " + e.getOriginalMessage() + " at line " + e.getLocation().getLineNr(),
          e);
    }
    return tree == null || tree.isMissingNode() || tree.isNull()
        ? base
        : ConfigBinder.bind(base, tree, "");
  }

  /** Applies {@code a.b=c} settings in order. */
  public static RunConfig with(RunConfig base, Collection<String> settings) {
    RunConfig config = base;
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new ConfigException("A setting is written key=value, not '" + setting + "'");
      }
      config =
          ConfigBinder.bind(
              config, nested(setting.substring(0, equals), setting.substring(equals + 1)), "");
    }
    return config;
  }

  private static JsonNode nested(String key, String value) {
    JsonNode leaf;
    try {
      leaf = value.isEmpty() ? JsonNodeFactory.instance.textNode("") : MAPPER.readTree(value);
    } catch (JsonProcessingException e) {
      leaf = JsonNodeFactory.instance.textNode(value);
    }
    String[] parts = key.strip().split("\\.", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      ObjectNode parent = JsonNodeFactory.instance.objectNode();
      parent.set(parts[i], leaf);
      leaf = parent;
    }
    return leaf;
  }

  /**
   * The whole configuration with its secrets, for the run directory (readable by its owner only).
   */
  public static String write(RunConfig config) {
    return text(tree(config, false));
  }

  /** The whole configuration without any secret, for people, logs and web pages. */
  public static String writePublic(RunConfig config) {
    return text(publicTree(config));
  }

  static JsonNode publicTree(RunConfig config) {
    return tree(config, true);
  }

  private static String text(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values can be written", e);
    }
  }

  private static ObjectNode tree(Record section, boolean hideSecrets) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      boolean hide = hideSecrets && component.isAnnotationPresent(Secret.class);
      node.set(
          ConfigBinder.keyOf(component),
          node(ConfigBinder.read(component, section), hide, hideSecrets));
    }
    return node;
  }

  private static JsonNode node(Object value, boolean hide, boolean hideSecrets) {
    if (value instanceof Record section) {
      return tree(section, hideSecrets);
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      map.forEach((key, item) -> node.put(key.toString(), hide ? HIDDEN : item.toString()));
      return node;
    }
    if (value instanceof List<?> list) {
      var node = JsonNodeFactory.instance.arrayNode();
      list.forEach(item -> node.add(item.toString()));
      return node;
    }
    if (value instanceof Enum<?> constant) {
      return JsonNodeFactory.instance.textNode(constant.name().toLowerCase(Locale.ROOT));
    }
    return hide ? JsonNodeFactory.instance.textNode(HIDDEN) : MAPPER.valueToTree(value);
  }
}
