package io.couplet.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.model.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Text to token ids and back, as the tokenizer files of a policy directory say: {@code
 * tokenizer.json}, or {@code vocab.json} with {@code merges.txt}. Nothing is truncated, padded or
 * added. Thread-safe until closed.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String TOKENIZER = "tokenizer.json";
  private static final Map<String, String> PLAIN =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  private final HuggingFaceTokenizer tokens;
  private final Map<String, Integer> ids;
  private final int vocabSize;
  private final StopTokens stopTokens;

  private Tokenizer(
      HuggingFaceTokenizer tokens, Map<String, Integer> ids, int vocabSize, StopTokens stopTokens) {
    this.tokens = tokens;
    this.ids = ids;
    this.vocabSize = vocabSize;
    this.stopTokens = stopTokens;
  }

  /**
   * Reads the tokenizer of a policy directory.
   *
   * @throws InvalidFileException a file is missing or malformed, uses a feature that this program
   *     does not have, or holds an id beyond {@code vocab_size} of {@code config.json}
   */
  public static Tokenizer open(Path policyDirectory) throws IOException {
    StopTokens stopTokens = StopTokens.read(policyDirectory);
    int vocabSize = ModelConfig.read(policyDirectory.resolve("config.json")).vocabSize();
    return open(read(policyDirectory), vocabSize, stopTokens);
  }

  private static TokenizerDefinition read(Path policyDirectory) throws IOException {
    Path file = policyDirectory.resolve(TOKENIZER);
    if (Files.exists(file)) {
      return TokenizerDefinition.read(JsonFile.read(file));
    }
    if (VocabularyAndMerges.isIn(policyDirectory)) {
      return VocabularyAndMerges.read(policyDirectory);
    }
    throw new InvalidFileException(
        policyDirectory,
        "holds no tokenizer: expected tokenizer.json, or vocab.json and merges.txt");
  }

  static Tokenizer open(TokenizerDefinition definition, int vocabSize, StopTokens stopTokens)
      throws IOException {
    definition.requireIdsBelow(vocabSize);
    try {
      HuggingFaceTokenizer tokens =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(definition.toJson()), PLAIN);
      return new Tokenizer(tokens, definition.ids(), vocabSize, stopTokens);
    } catch (RuntimeException e) {
      throw new InvalidFileException(
          definition.source(), "is refused by the tokenizers library: " + e.getMessage(), e);
    }
  }

  /**
   * Ids of the text, each below the model's {@code vocab_size}. Special tokens written out in the
   * text become their ids.
   */
  public int[] encode(String text) {
    long[] encoded = tokens.encode(wellFormed(text), false, false).getIds();
    int[] result = new int[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      result[i] = Math.toIntExact(encoded[i]);
    }
    return result;
  }

  /** Halves of surrogate pairs have no UTF-8; they become U+FFFD. */
  private static String wellFormed(String text) {
    int[] points =
        text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .toArray();
    return new String(points, 0, points.length);
  }

  /**
   * The text of the ids, without special tokens where {@code skipSpecials}. Ids that the model has
   * and the tokenizer has not (rows that pad the embedding) are left out.
   *
   * @throws IllegalArgumentException an id outside {@code [0, vocab_size)}
   */
  public String decode(int[] tokenIds, boolean skipSpecials) {
    for (int id : tokenIds) {
      if (id < 0 || id >= vocabSize) {
        throw new IllegalArgumentException(
            "Token ids are 0 to %d in this vocabulary, not %d".formatted(vocabSize - 1, id));
      }
    }
    return tokens.decode(IntStream.of(tokenIds).asLongStream().toArray(), skipSpecials);
  }

  /** Id of a token by its content, e.g. {@code <|im_end|>}; empty when there is no such token. */
  public OptionalInt idOf(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The ids that end a completion, by {@code generation_config.json} and {@code config.json}. */
  public StopTokens stopTokens() {
    return stopTokens;
  }

  @Override
  public void close() {
    tokens.close();
  }
}
