package io.couplet.tokenizer;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.files.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tokenizer, checked so that the native library accepts it and every text has ids.
 *
 * @param source the file to name in errors
 * @param added matched in the text before the model sees it
 */
record TokenizerDefinition(
    Path source,
    Optional<Map<String, Object>> normalizer,
    Optional<Map<String, Object>> preTokenizer,
    Optional<Map<String, Object>> decoder,
    TokenModel model,
    List<AddedToken> added) {
  TokenizerDefinition {
    added = List.copyOf(added);
    requireEveryTextHasIds(source, preTokenizer, model);
    requireConsistentIds(source, model, added);
  }

  /** Reads a {@code tokenizer.json}. Truncation, padding and post-processing are not used. */
  static TokenizerDefinition read(JsonObject json) {
    json.allowOnly(
        "version",
        "truncation",
        "padding",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "model");
    List<AddedToken> added = new ArrayList<>();
    if (json.has("added_tokens")) {
      for (JsonObject token : json.objects("added_tokens")) {
        added.add(AddedToken.read(token.integer("id"), token));
      }
    }
    return new TokenizerDefinition(
        json.file(),
        TextStages.normalizer(json),
        TextStages.preTokenizer(json),
        TextStages.decoder(json),
        TokenModel.read(json),
        added);
  }

  private static void requireEveryTextHasIds(
      Path source, Optional<Map<String, Object>> preTokenizer, TokenModel model) {
    if (model.unknown() != null) {
      return;
    }
    if (preTokenizer.isEmpty() || !TextStages.contains(preTokenizer.get(), "ByteLevel")) {
      throw new InvalidFileException(
          source,
          "a BPE model needs an unk_token or a ByteLevel pre_tokenizer; without them text outside"
              + " the vocabulary would vanish");
    }
    for (int b = 0; b < ByteAlphabet.SYMBOLS.size(); b++) {
      if (!model.vocabulary().containsKey(ByteAlphabet.SYMBOLS.get(b))) {
        throw new InvalidFileException(
            source,
            "a byte-level vocabulary needs a token for every byte; byte 0x%02x ('%s') has none"
                .formatted(b, ByteAlphabet.SYMBOLS.get(b)));
      }
    }
  }

  /**
   * The native library numbers added tokens itself: a token of the vocabulary keeps its id, others
   * follow the vocabulary. A file that says otherwise would silently mean other ids.
   */
  private static void requireConsistentIds(Path source, TokenModel model, List<AddedToken> added) {
    Map<String, Integer> contents = new LinkedHashMap<>();
    int next = model.vocabulary().size();
    for (AddedToken token : added) {
      Integer inVocabulary = model.vocabulary().get(token.content());
      int expected = inVocabulary == null ? next : inVocabulary;
      if (inVocabulary == null && model.vocabulary().containsValue(expected)) {
        throw new InvalidFileException(
            source,
            "added token '%s' would get id %d, which the vocabulary already uses: its ids have gaps"
                .formatted(token.content(), expected));
      }
      if (token.id() != expected) {
        throw new InvalidFileException(
            source,
            "added token '%s' must have id %d (%s), found %d"
                .formatted(
                    token.content(),
                    expected,
                    inVocabulary == null
                        ? "ids follow the vocabulary without gaps"
                        : "its id in the vocabulary",
                    token.id()));
      }
      if (contents.put(token.content(), token.id()) != null) {
        throw new InvalidFileException(
            source, "added token '" + token.content() + "' is listed twice");
      }
      next = Math.max(next, expected + 1);
    }
  }

  /** Id of every token, added ones included. */
  Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>(model.vocabulary());
    added.forEach(token -> ids.put(token.content(), token.id()));
    return ids;
  }

  /** Refuses ids that the model's embedding does not have. */
  void requireIdsBelow(int vocabSize) {
    ids()
        .forEach(
            (token, id) -> {
              if (id >= vocabSize) {
                throw new InvalidFileException(
                    source,
                    "token '%s' has id %d, but config.json has vocab_size %d: ids must be below it"
                        .formatted(token, id, vocabSize));
              }
            });
  }

  /** A {@code tokenizer.json} of exactly what was checked. */
  byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("truncation", null);
    json.put("padding", null);
    json.put("added_tokens", added.stream().map(AddedToken::toJson).toList());
    json.put("normalizer", normalizer.orElse(null));
    json.put("pre_tokenizer", preTokenizer.orElse(null));
    json.put("post_processor", null);
    json.put("decoder", decoder.orElse(null));
    json.put("model", model.toJson());
    return JsonFile.toBytes(json);
  }
}
