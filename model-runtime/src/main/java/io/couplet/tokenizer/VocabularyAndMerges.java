package io.couplet.tokenizer;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.files.JsonObject;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The older layout of a byte-level BPE tokenizer: {@code vocab.json}, {@code merges.txt} and, in
 * {@code tokenizer_config.json} or {@code added_tokens.json}, the special tokens. How text is split
 * before BPE follows from {@code tokenizer_class}.
 */
final class VocabularyAndMerges {
  static final String VOCABULARY = "vocab.json";
  static final String MERGES = "merges.txt";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String ADDED = "added_tokens.json";
  private static final long MAX_MERGES_BYTES = 64L << 20;

  /**
   * How Qwen2 splits text: contractions, words with one leading other character, single digits,
   * punctuation runs, line ends, blanks.
   */
  private static final String QWEN2_SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
          + "|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + "|\\s*[\\r\\n]+"
          + "|\\s+(?!\\S)"
          + "|\\s+";

  private VocabularyAndMerges() {}

  static boolean isIn(Path directory) {
    return Files.isRegularFile(directory.resolve(VOCABULARY));
  }

  static TokenizerDefinition read(Path directory) throws IOException {
    JsonObject vocabularyFile = JsonFile.read(directory.resolve(VOCABULARY));
    Map<String, Integer> vocabulary = TokenModel.vocabulary(vocabularyFile);
    List<List<String>> merges = merges(directory.resolve(MERGES));
    TokenModel.requireMergesInVocabulary(directory.resolve(MERGES), vocabulary, merges);
    boolean qwen2 = splitsLikeQwen2(directory.resolve(CONFIG));
    return new TokenizerDefinition(
        vocabularyFile.file(),
        qwen2 ? Optional.of(Map.of("type", "NFC")) : Optional.empty(),
        Optional.of(qwen2 ? qwen2Split() : byteLevel(true)),
        Optional.of(byteLevel(true)),
        new TokenModel(TokenModel.Kind.BPE, vocabulary, merges, null, false),
        addedTokens(directory));
  }

  private static List<List<String>> merges(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidFileException(
          file, "expected the merges of " + VOCABULARY + ", but there is no such file");
    }
    if (Files.size(file) > MAX_MERGES_BYTES) {
      throw new InvalidFileException(file, "has more than " + MAX_MERGES_BYTES + " bytes");
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new InvalidFileException(file, "is not UTF-8 text", e);
    }
    List<List<String>> merges = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isEmpty() || (i == 0 && line.startsWith("#version"))) {
        continue;
      }
      String[] parts = line.split(" ", -1);
      if (parts.length != 2) {
        throw new InvalidFileException(
            file, "line " + (i + 1) + " must be two tokens with a space between, found: " + line);
      }
      merges.add(List.of(parts[0], parts[1]));
    }
    return merges;
  }

  private static boolean splitsLikeQwen2(Path configFile) throws IOException {
    if (!Files.exists(configFile)) {
      return true;
    }
    JsonObject config = JsonFile.read(configFile);
    String name = config.has("tokenizer_class") ? config.text("tokenizer_class") : "DreamTokenizer";
    return switch (name) {
      case "DreamTokenizer", "Qwen2Tokenizer", "Qwen2TokenizerFast" -> true;
      case "GPT2Tokenizer", "GPT2TokenizerFast" -> false;
      default ->
          throw config.wrong(
              "tokenizer_class",
              "DreamTokenizer, Qwen2Tokenizer or GPT2Tokenizer where there is no tokenizer.json");
    };
  }

  private static Map<String, Object> qwen2Split() {
    Map<String, Object> split = new LinkedHashMap<>();
    split.put("type", "Split");
    split.put("pattern", Map.of("Regex", QWEN2_SPLIT));
    split.put("behavior", "Isolated");
    split.put("invert", false);
    Map<String, Object> sequence = new LinkedHashMap<>();
    sequence.put("type", "Sequence");
    sequence.put("pretokenizers", List.of(split, byteLevel(false)));
    return sequence;
  }

  private static Map<String, Object> byteLevel(boolean useRegex) {
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("type", "ByteLevel");
    stage.put("add_prefix_space", false);
    stage.put("trim_offsets", false);
    stage.put("use_regex", useRegex);
    return stage;
  }

  private static List<AddedToken> addedTokens(Path directory) throws IOException {
    List<AddedToken> tokens = new ArrayList<>();
    Path configFile = directory.resolve(CONFIG);
    JsonObject config = Files.exists(configFile) ? JsonFile.read(configFile) : null;
    if (config != null && config.has("added_tokens_decoder")) {
      JsonObject byId = config.object("added_tokens_decoder");
      for (String id : byId.keys()) {
        if (!id.matches("[0-9]{1,9}")) {
          throw byId.wrong(id, "under a token id");
        }
        tokens.add(AddedToken.read(Integer.parseInt(id), byId.object(id)));
      }
    } else if (Files.exists(directory.resolve(ADDED))) {
      JsonObject ids = JsonFile.read(directory.resolve(ADDED));
      ids.keys().forEach(content -> tokens.add(AddedToken.special(ids.integer(content), content)));
    }
    tokens.sort(Comparator.comparingInt(AddedToken::id));
    return tokens;
  }
}
