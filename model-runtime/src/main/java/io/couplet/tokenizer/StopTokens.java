package io.couplet.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The set of token ids that end a completion.
 *
 * @param ids at least one
 */
public record StopTokens(SortedSet<Integer> ids) {
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String KEY = "eos_token_id";

  public StopTokens {
    ids = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("A completion needs at least one stop token");
    }
  }

  /**
   * {@code eos_token_id} of {@code generation_config.json}, one id or a list, and that of {@code
   * config.json}.
   */
  public static StopTokens read(Path policyDirectory) throws IOException {
    ModelConfig config = ModelConfig.read(policyDirectory.resolve("config.json"));
    TreeSet<Integer> ids = new TreeSet<>();
    ids.add(config.eosTokenId());
    Path file = policyDirectory.resolve(GENERATION_CONFIG);
    if (Files.exists(file)) {
      JsonNode value = JsonFile.read(file).path(KEY);
      if (value.isArray()) {
        value.forEach(id -> ids.add(checked(file, id, config)));
      } else if (!value.isNull() && !value.isMissingNode()) {
        ids.add(checked(file, value, config));
      }
    }
    return new StopTokens(ids);
  }

  private static int checked(Path file, JsonNode id, ModelConfig config) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() >= config.vocabSize()) {
      throw new InvalidFileException(
          file,
          "%s must hold token ids below vocab_size = %d of config.json, found %s"
              .formatted(KEY, config.vocabSize(), id));
    }
    return id.intValue();
  }

  public boolean contains(int id) {
    return ids.contains(id);
  }

  /** Index of the first stop token, or {@code completion.length} when there is none. */
  public int firstIn(int[] completion) {
    for (int i = 0; i < completion.length; i++) {
      if (ids.contains(completion[i])) {
        return i;
      }
    }
    return completion.length;
  }

  public int[] toArray() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
