package io.couplet.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.files.InvalidFileException;
import java.nio.file.Path;
import java.util.Locale;

/** {@link ModelConfig} from and to the keys of a Hugging Face {@code config.json}. */
final class ConfigJson {
  private final Path file;
  private final ObjectNode json;

  private ConfigJson(Path file, ObjectNode json) {
    this.file = file;
    this.json = json;
  }

  static ModelConfig parse(Path file, ObjectNode json) {
    return new ConfigJson(file, json).parse();
  }

  private ModelConfig parse() {
    String modelType = text("model_type");
    if (!modelType.equalsIgnoreCase("dream")) {
      throw new InvalidFileException(
          file,
          "model_type is '"
              + modelType
              + "', an unknown architecture; this program runs 'Dream' (Dream, DiffuCoder)");
    }
    refuseUnsupported();
    int eos = tokenId("eos_token_id", -1);
    try {
      return new ModelConfig(
          modelType,
          integer("vocab_size"),
          integer("hidden_size"),
          integer("intermediate_size"),
          integer("num_hidden_layers"),
          integer("num_attention_heads"),
          integer("num_key_value_heads"),
          integer("max_position_embeddings"),
          number("rope_theta"),
          number("rms_norm_eps"),
          flag("tie_word_embeddings", false),
          flag("right_shift", true),
          integer("mask_token_id"),
          tokenId("pad_token_id", eos),
          tokenId("bos_token_id", eos),
          eos,
          elementType());
    } catch (InvalidFileException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(file, e.getMessage(), e);
    }
  }

  /** Features of the Qwen2 family that would change the forward pass. */
  private void refuseUnsupported() {
    if (has("hidden_act") && !text("hidden_act").toLowerCase(Locale.ROOT).equals("silu")) {
      throw wrong("hidden_act", "'silu'");
    }
    if (has("rope_scaling")) {
      throw wrong("rope_scaling", "null (rotary scaling is not supported)");
    }
    for (String key : new String[] {"use_sliding_window", "use_mrope"}) {
      if (flag(key, false)) {
        throw wrong(key, "false");
      }
    }
  }

  private String elementType() {
    String key = has("dtype") && !has("torch_dtype") ? "dtype" : "torch_dtype";
    return has(key) ? text(key) : "float32";
  }

  private boolean has(String key) {
    return json.hasNonNull(key);
  }

  private JsonNode required(String key) {
    if (!has(key)) {
      throw new InvalidFileException(file, "the required key " + key + " is missing");
    }
    return json.get(key);
  }

  private String text(String key) {
    JsonNode value = required(key);
    if (!value.isTextual()) {
      throw wrong(key, "a string");
    }
    return value.textValue();
  }

  private int integer(String key) {
    JsonNode value = required(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, "an integer below 2^31");
    }
    return value.intValue();
  }

  private double number(String key) {
    JsonNode value = required(key);
    if (!value.isNumber()) {
      throw wrong(key, "a number");
    }
    return value.doubleValue();
  }

  private boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!json.get(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return json.get(key).booleanValue();
  }

  /** An id, or the first of a list of ids; {@code absent} below 0 makes the key required. */
  private int tokenId(String key, int absent) {
    if (!has(key) && absent >= 0) {
      return absent;
    }
    JsonNode value = required(key);
    if (value.isArray() && !value.isEmpty()) {
      value = value.get(0);
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, "a token id");
    }
    return value.intValue();
  }

  private InvalidFileException wrong(String key, String expected) {
    return new InvalidFileException(
        file, "key " + key + " must be " + expected + ", found " + brief(json.get(key)));
  }

  private static String brief(JsonNode value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  /** {@code base} with the keys of {@code config} set. */
  static ObjectNode merge(ObjectNode base, ModelConfig config) {
    ObjectNode json = base.deepCopy();
    if (!json.has("architectures")) {
      json.putArray("architectures").add("DreamModel");
    }
    json.remove("dtype");
    return json.put("model_type", config.modelType())
        .put("vocab_size", config.vocabSize())
        .put("hidden_size", config.hiddenSize())
        .put("intermediate_size", config.intermediateSize())
        .put("num_hidden_layers", config.hiddenLayers())
        .put("num_attention_heads", config.attentionHeads())
        .put("num_key_value_heads", config.keyValueHeads())
        .put("hidden_act", "silu")
        .put("max_position_embeddings", config.maxPositionEmbeddings())
        .put("rope_theta", config.ropeTheta())
        .put("rms_norm_eps", config.rmsNormEps())
        .put("tie_word_embeddings", config.tieWordEmbeddings())
        .put("right_shift", config.rightShift())
        .put("mask_token_id", config.maskTokenId())
        .put("pad_token_id", config.padTokenId())
        .put("bos_token_id", config.bosTokenId())
        .put("eos_token_id", config.eosTokenId())
        .put("torch_dtype", config.torchDtype());
  }
}
