package io.couplet.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.checkpoint.CheckpointWriter;
import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Policy directories of the base policy's size with random weights and a tokenizer of one token per
 * ASCII character.
 */
public final class SmallPolicies {
  private static final int FIRST_CHARACTER = 4;
  private static final String CHARACTERS = characters();

  private SmallPolicies() {}

  private static String characters() {
    StringBuilder all = new StringBuilder("\n");
    for (char c = ' '; c <= '~'; c++) {
      all.append(c);
    }
    return all.toString();
  }

  /** Half a million parameters; pad 0, eos 1, mask 2. */
  public static ModelConfig config() {
    return new ModelConfig(
        "Dream",
        FIRST_CHARACTER + CHARACTERS.length(),
        128,
        320,
        3,
        4,
        2,
        256,
        100,
        1e-6,
        false,
        true,
        2,
        0,
        1,
        1,
        "float32");
  }

  /** Writes a policy whose weights are drawn from the seed. */
  public static Path write(Path directory, long seed) throws IOException {
    ModelConfig config = config();
    CheckpointWriter.of(config).write(directory, name -> weights(config, seed, name));
    new ObjectMapper().writeValue(directory.resolve("tokenizer.json").toFile(), tokenizer());
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [1]}");
    return directory;
  }

  private static float[] weights(ModelConfig config, long seed, String name) {
    int elements =
        io.couplet.checkpoint.DreamTensors.of(config, io.couplet.safetensors.ElementType.F32)
            .stream()
            .filter(tensor -> tensor.name().equals(name))
            .mapToInt(tensor -> (int) tensor.elements())
            .findFirst()
            .orElseThrow();
    RandomStream stream = RandomStream.named(seed, "small policy", name);
    boolean norm = name.endsWith("norm.weight");
    double deviation = name.contains("embed") ? 0.7 : 1.5 / Math.sqrt(config.hiddenSize());
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = norm ? 1 : (float) (deviation * stream.nextGaussian());
    }
    return values;
  }

  private static ObjectNode tokenizer() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    String[] specials = {"<|pad|>", "<|end|>", "<|mask|>", "<|unk|>"};
    for (int id = 0; id < specials.length; id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", specials[id])
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    json.putNull("normalizer");
    ObjectNode split = json.putObject("pre_tokenizer").put("type", "Split");
    split.putObject("pattern").put("Regex", "[\\s\\S]");
    split.put("behavior", "Isolated").put("invert", false);
    json.putNull("post_processor");
    json.putObject("decoder").put("type", "Fuse");
    ObjectNode model = json.putObject("model").put("type", "WordLevel").put("unk_token", "<|unk|>");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < specials.length; id++) {
      vocabulary.put(specials[id], id);
    }
    for (int i = 0; i < CHARACTERS.length(); i++) {
      vocabulary.put(CHARACTERS.substring(i, i + 1), FIRST_CHARACTER + i);
    }
    return json;
  }
}
