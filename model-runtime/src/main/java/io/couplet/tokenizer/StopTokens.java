package io.couplet.tokenizer;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.files.JsonObject;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
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
    ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
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
      JsonObject generation = JsonFile.read(file);
      Object value = generation.has(KEY) ? generation.value(KEY) : List.of();
      for (Object id : value instanceof List<?> list ? list : List.of(value)) {
        ids.add(checked(file, id, config));
      }
    }
    return new StopTokens(ids);
  }

  private static int checked(Path file, Object value, ModelConfig config) {
    if (!(value instanceof Long id) || id < 0 || id >= config.vocabSize()) {
      throw new InvalidFileException(
          file,
          "%s must hold token ids below vocab_size = %d of config.json, found %s"
              .formatted(KEY, config.vocabSize(), value));
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
