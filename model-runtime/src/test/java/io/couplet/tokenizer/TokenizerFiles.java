package io.couplet.tokenizer;

import io.couplet.checkpoint.TinyModels;
import io.couplet.files.JsonFile;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small tokenizers in the layouts that policies have. */
final class TokenizerFiles {
  static final List<String> MERGES =
      List.of("d e", "de f", "Ġ def", "r e", "re t", "Ġ Ġ", "ĠĠ ĠĠ", "Ã ©");

  /** 256 bytes, the merged tokens, two specials. */
  static final int BYTE_LEVEL_SIZE = 256 + MERGES.size() + 2;

  private TokenizerFiles() {}

  /** A byte-level vocabulary; ids in the order of bytes, then of merges. */
  static Map<String, Object> vocabulary() {
    Map<String, Object> vocabulary = new LinkedHashMap<>();
    ByteAlphabet.SYMBOLS.forEach(symbol -> vocabulary.put(symbol, vocabulary.size()));
    MERGES.forEach(merge -> vocabulary.put(merge.replace(" ", ""), vocabulary.size()));
    return vocabulary;
  }

  static final String WORD_LEVEL =
      """
      {"version": "1.0", "truncation": {"max_length": 3}, "padding": null,
       "added_tokens": [
        {"id": 6, "content": "<|mask|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
        {"id": 7, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
       "normalizer": {"type": "NFC"},
       "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "[A-Za-z_]+|[0-9]| |\\n|."}, "behavior": "Isolated", "invert": false},
       "post_processor": null, "decoder": {"type": "Fuse"},
       "model": {"type": "WordLevel", "vocab": {"def": 0, " ": 1, "f": 2, "(": 3, ")": 4, "[UNK]": 5, "<|mask|>": 6}, "unk_token": "[UNK]"}}
      """;

  /** A Qwen2-like {@code tokenizer.json}. */
  static String byteLevel() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("vocab", vocabulary());
    model.put("merges", MERGES);
    return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [
          {"id": %d, "content": "<|mask|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
          {"id": %d, "content": "<|im_end|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
         "normalizer": {"type": "NFC"},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "(?i:'s|'t)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"}, "behavior": "Isolated", "invert": false},
          {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}]},
         "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
         "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
         "model": %s}
        """
        .formatted(
            BYTE_LEVEL_SIZE - 2,
            BYTE_LEVEL_SIZE - 1,
            new String(JsonFile.toBytes(model), StandardCharsets.UTF_8));
  }

  /** A policy directory with a config of that vocabulary size and no tokenizer yet. */
  static Path directory(Path directory, int vocabSize) throws IOException {
    ModelConfig tiny = TinyModels.config(true, "float32");
    Files.createDirectories(directory);
    new ModelConfig(
            tiny.modelType(),
            vocabSize,
            tiny.hiddenSize(),
            tiny.intermediateSize(),
            tiny.hiddenLayers(),
            tiny.attentionHeads(),
            tiny.keyValueHeads(),
            tiny.maxPositionEmbeddings(),
            tiny.ropeTheta(),
            tiny.rmsNormEps(),
            true,
            true,
            vocabSize - 2,
            vocabSize - 1,
            vocabSize - 1,
            vocabSize - 1,
            "float32")
        .write(directory.resolve("config.json"));
    return directory;
  }
}
