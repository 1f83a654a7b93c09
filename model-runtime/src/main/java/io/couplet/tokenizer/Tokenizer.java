package io.couplet.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.couplet.files.InvalidFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Text to token ids and back, as the tokenizer files of a policy directory say. */
public final class Tokenizer implements AutoCloseable {
  private static final Map<String, String> PLAIN =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  private final HuggingFaceTokenizer tokens;
  private final StopTokens stopTokens;

  private Tokenizer(HuggingFaceTokenizer tokens, StopTokens stopTokens) {
    this.tokens = tokens;
    this.stopTokens = stopTokens;
  }

  /** Reads the tokenizer of a policy directory. */
  public static Tokenizer open(Path policyDirectory) throws IOException {
    Path file = policyDirectory.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw new InvalidFileException(file, "expected a tokenizer, but there is no such file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new Tokenizer(
          HuggingFaceTokenizer.newInstance(in, PLAIN), StopTokens.read(policyDirectory));
    }
  }

  /** Ids of the text; special tokens written out in the text become their ids. */
  public int[] encode(String text) {
    return Arrays.stream(tokens.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** The text of the ids, without special tokens where {@code skipSpecials}. */
  public String decode(int[] ids, boolean skipSpecials) {
    return tokens.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecials);
  }

  /** The ids that end a completion, by {@code generation_config.json}. */
  public StopTokens stopTokens() {
    return stopTokens;
  }

  @Override
  public void close() {
    tokens.close();
  }
}
