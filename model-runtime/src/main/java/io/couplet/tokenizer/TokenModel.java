package io.couplet.tokenizer;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The checked model of a tokenizer.
 *
 * @param vocabulary id of each token, ids distinct
 * @param merges pairs of tokens in order of priority; empty for a word-level model
 * @param unknown token for text outside the vocabulary, or null when there is no such text
 */
record TokenModel(
    Kind kind,
    Map<String, Integer> vocabulary,
    List<List<String>> merges,
    String unknown,
    boolean ignoreMerges) {
  enum Kind {
    BPE,
    WORD_LEVEL
  }

  /** Reads key {@code model} of a {@code tokenizer.json}. */
  static TokenModel read(JsonObject root) {
    JsonObject json = root.object("model");
    Map<String, Integer> vocabulary = vocabulary(json.object("vocab"));
    String unknown = json.has("unk_token") ? json.text("unk_token") : null;
    if (unknown != null && !vocabulary.containsKey(unknown)) {
      throw json.wrong("unk_token", "a token of the vocabulary");
    }
    String type = json.has("type") ? json.text("type") : json.has("merges") ? "BPE" : "WordLevel";
    return switch (type) {
      case "BPE" -> bpe(json, vocabulary, unknown);
      case "WordLevel" -> wordLevel(json, vocabulary, unknown);
      default -> throw json.wrong("type", "BPE or WordLevel");
    };
  }

  private static TokenModel wordLevel(
      JsonObject json, Map<String, Integer> vocabulary, String unknown) {
    json.allowOnly("type", "vocab", "unk_token");
    if (unknown == null) {
      throw json.wrong("unk_token", "a token of the vocabulary, for words outside it");
    }
    return new TokenModel(Kind.WORD_LEVEL, vocabulary, List.of(), unknown, false);
  }

  private static TokenModel bpe(JsonObject json, Map<String, Integer> vocabulary, String unknown) {
    json.allowOnly(
        "type",
        "vocab",
        "merges",
        "unk_token",
        "dropout",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges");
    for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (json.has(affix) && !json.text(affix).isEmpty()) {
        throw json.wrong(affix, "empty");
      }
    }
    for (String feature : List.of("fuse_unk", "byte_fallback")) {
      if (json.flag(feature, false)) {
        throw json.wrong(feature, "false");
      }
    }
    if (json.has("dropout") && json.number("dropout") != 0) {
      throw json.wrong("dropout", "null: tokenization must be reproducible");
    }
    List<List<String>> merges = new ArrayList<>();
    for (Object merge : json.list("merges")) {
      merges.add(pair(json, merge));
    }
    requireMergesInVocabulary(json.file(), vocabulary, merges);
    return new TokenModel(Kind.BPE, vocabulary, merges, unknown, json.flag("ignore_merges", false));
  }

  private static List<String> pair(JsonObject json, Object merge) {
    if (merge instanceof String text) {
      String[] parts = text.split(" ", -1);
      if (parts.length == 2) {
        return List.of(parts[0], parts[1]);
      }
    } else if (merge instanceof List<?> list
        && list.size() == 2
        && list.get(0) instanceof String left
        && list.get(1) instanceof String right) {
      return List.of(left, right);
    }
    throw new InvalidFileException(json.file(), "each merge must be two tokens, found " + merge);
  }

  static void requireMergesInVocabulary(
      Path file, Map<String, Integer> vocabulary, List<List<String>> merges) {
    for (List<String> merge : merges) {
      String left = merge.get(0);
      String right = merge.get(1);
      for (String token : List.of(left, right, left + right)) {
        if (token.isEmpty() || !vocabulary.containsKey(token)) {
          throw new InvalidFileException(
              file,
              "merge '%s %s' needs the token '%s', which the vocabulary lacks"
                  .formatted(left, right, token));
        }
      }
    }
  }

  /** Distinct non-negative ids by token. */
  static Map<String, Integer> vocabulary(JsonObject json) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    Set<Integer> ids = new HashSet<>();
    for (String token : json.keys()) {
      int id = json.integer(token);
      if (id < 0 || !ids.add(id)) {
        throw json.wrong(token, "an id of its own, 0 or more");
      }
      vocabulary.put(token, id);
    }
    if (vocabulary.isEmpty()) {
      throw new InvalidFileException(json.file(), "the vocabulary is empty");
    }
    return vocabulary;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    if (kind == Kind.WORD_LEVEL) {
      json.put("type", "WordLevel");
      json.put("vocab", vocabulary);
      json.put("unk_token", unknown);
      return json;
    }
    json.put("type", "BPE");
    json.put("dropout", null);
    json.put("unk_token", unknown);
    json.put("continuing_subword_prefix", null);
    json.put("end_of_word_suffix", null);
    json.put("fuse_unk", false);
    json.put("byte_fallback", false);
    json.put("ignore_merges", ignoreMerges);
    json.put("vocab", vocabulary);
    json.put("merges", merges);
    return json;
  }
}
