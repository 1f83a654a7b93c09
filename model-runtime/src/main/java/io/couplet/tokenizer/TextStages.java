package io.couplet.tokenizer;

import io.couplet.files.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The stages of a {@code tokenizer.json} around its model: normalizer, pre-tokenizer, decoder. Each
 * is checked key by key and written anew, because the native library ends the process on input that
 * it does not expect.
 */
final class TextStages {
  private static final int MAX_STAGES = 8;
  private static final List<String> SPLIT_BEHAVIORS =
      List.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

  private TextStages() {}

  /** Empty where the tokenizer has none. */
  static Optional<Map<String, Object>> normalizer(JsonObject root) {
    return optional(root, "normalizer", TextStages::normalizerStage);
  }

  static Optional<Map<String, Object>> preTokenizer(JsonObject root) {
    return optional(root, "pre_tokenizer", TextStages::preTokenizerStage);
  }

  static Optional<Map<String, Object>> decoder(JsonObject root) {
    return optional(root, "decoder", TextStages::decoderStage);
  }

  private static Optional<Map<String, Object>> optional(
      JsonObject root, String key, Function<JsonObject, Map<String, Object>> stage) {
    return root.has(key) ? Optional.of(stage.apply(root.object(key))) : Optional.empty();
  }

  private static Map<String, Object> normalizerStage(JsonObject json) {
    return switch (json.text("type")) {
      case "NFC", "NFD", "NFKC", "NFKD" -> plain(json);
      case "Replace" -> replace(json);
      case "Sequence" -> sequence(json, "normalizers", TextStages::normalizerStage);
      default -> throw json.wrong("type", "NFC, NFD, NFKC, NFKD, Replace or Sequence");
    };
  }

  private static Map<String, Object> preTokenizerStage(JsonObject json) {
    return switch (json.text("type")) {
      case "ByteLevel" -> byteLevel(json);
      case "Split" -> split(json);
      case "Digits" -> digits(json);
      case "Whitespace", "WhitespaceSplit" -> plain(json);
      case "Sequence" -> sequence(json, "pretokenizers", TextStages::preTokenizerStage);
      default ->
          throw json.wrong(
              "type", "ByteLevel, Split, Digits, Whitespace, WhitespaceSplit or Sequence");
    };
  }

  private static Map<String, Object> decoderStage(JsonObject json) {
    return switch (json.text("type")) {
      case "ByteLevel" -> byteLevel(json);
      case "Fuse" -> plain(json);
      case "Replace" -> replace(json);
      case "Sequence" -> sequence(json, "decoders", TextStages::decoderStage);
      default -> throw json.wrong("type", "ByteLevel, Fuse, Replace or Sequence");
    };
  }

  private static Map<String, Object> plain(JsonObject json) {
    json.allowOnly("type");
    return stage(json);
  }

  private static Map<String, Object> byteLevel(JsonObject json) {
    json.allowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
    Map<String, Object> stage = stage(json);
    stage.put("add_prefix_space", json.flag("add_prefix_space", true));
    stage.put("trim_offsets", json.flag("trim_offsets", true));
    stage.put("use_regex", json.flag("use_regex", true));
    return stage;
  }

  private static Map<String, Object> digits(JsonObject json) {
    json.allowOnly("type", "individual_digits");
    Map<String, Object> stage = stage(json);
    stage.put("individual_digits", json.flag("individual_digits", false));
    return stage;
  }

  private static Map<String, Object> split(JsonObject json) {
    json.allowOnly("type", "pattern", "behavior", "invert");
    Map<String, Object> stage = stage(json);
    stage.put("pattern", pattern(json));
    if (!SPLIT_BEHAVIORS.contains(json.text("behavior"))) {
      throw json.wrong("behavior", "one of " + String.join(", ", SPLIT_BEHAVIORS));
    }
    stage.put("behavior", json.text("behavior"));
    stage.put("invert", json.flag("invert", false));
    return stage;
  }

  private static Map<String, Object> replace(JsonObject json) {
    json.allowOnly("type", "pattern", "content");
    Map<String, Object> stage = stage(json);
    stage.put("pattern", pattern(json));
    stage.put("content", json.text("content"));
    return stage;
  }

  private static Map<String, Object> pattern(JsonObject json) {
    JsonObject pattern = json.object("pattern");
    pattern.allowOnly("Regex", "String");
    if (pattern.has("String")) {
      if (pattern.has("Regex") || pattern.text("String").isEmpty()) {
        throw pattern.wrong("String", "a text to find, without a Regex beside it");
      }
      return Map.of("String", pattern.text("String"));
    }
    Optional<String> problem = SplitPattern.problemOf(pattern.text("Regex"));
    if (problem.isPresent()) {
      throw pattern.wrong("Regex", problem.get());
    }
    return Map.of("Regex", pattern.text("Regex"));
  }

  private static Map<String, Object> sequence(
      JsonObject json, String key, Function<JsonObject, Map<String, Object>> element) {
    json.allowOnly("type", key);
    List<JsonObject> elements = json.objects(key);
    if (elements.size() > MAX_STAGES) {
      throw json.wrong(key, "a list of at most " + MAX_STAGES);
    }
    List<Map<String, Object>> stages = new ArrayList<>();
    elements.forEach(each -> stages.add(element.apply(each)));
    Map<String, Object> stage = stage(json);
    stage.put(key, stages);
    return stage;
  }

  private static Map<String, Object> stage(JsonObject json) {
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("type", json.text("type"));
    return stage;
  }

  /** Whether a checked stage is of a type or a sequence with one of it. */
  static boolean contains(Object stage, String type) {
    if (stage instanceof List<?> stages) {
      return stages.stream().anyMatch(each -> contains(each, type));
    }
    return stage instanceof Map<?, ?> map
        && (type.equals(map.get("type"))
            || map.values().stream().anyMatch(value -> contains(value, type)));
  }
}
