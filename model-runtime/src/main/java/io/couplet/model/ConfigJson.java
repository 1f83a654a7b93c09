package io.couplet.model;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@link ModelConfig} from and to the keys of a Hugging Face {@code config.json}. */
final class ConfigJson {
  private ConfigJson() {}

  static ModelConfig parse(JsonObject json) {
    String modelType = json.text("model_type");
    if (!modelType.equalsIgnoreCase("dream")) {
      throw new InvalidFileException(
          json.file(),
          "model_type is '"
              + modelType
              + "', an unknown architecture; this program runs 'Dream' (Dream, DiffuCoder)");
    }
    refuseUnsupported(json);
    int eos = tokenId(json, "eos_token_id");
    try {
      return new ModelConfig(
          modelType,
          json.integer("vocab_size"),
          json.integer("hidden_size"),
          json.integer("intermediate_size"),
          json.integer("num_hidden_layers"),
          json.integer("num_attention_heads"),
          json.integer("num_key_value_heads"),
          json.integer("max_position_embeddings"),
          json.number("rope_theta"),
          json.number("rms_norm_eps"),
          json.flag("tie_word_embeddings", false),
          json.flag("right_shift", true),
          json.integer("mask_token_id"),
          json.has("pad_token_id") ? json.integer("pad_token_id") : eos,
          json.has("bos_token_id") ? tokenId(json, "bos_token_id") : eos,
          eos,
          elementType(json));
    } catch (InvalidFileException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(json.file(), e.getMessage(), e);
    }
  }

  /** Features of the Qwen2 family that would change the forward pass. */
  private static void refuseUnsupported(JsonObject json) {
    if (json.has("hidden_act")
        && !json.text("hidden_act").toLowerCase(Locale.ROOT).equals("silu")) {
      throw json.wrong("hidden_act", "'silu'");
    }
    if (json.has("rope_scaling")) {
      throw json.wrong("rope_scaling", "null: rotary scaling is not supported");
    }
    for (String key : List.of("use_sliding_window", "use_mrope")) {
      if (json.flag(key, false)) {
        throw json.wrong(key, "false");
      }
    }
  }

  private static String elementType(JsonObject json) {
    String key = json.has("dtype") && !json.has("torch_dtype") ? "dtype" : "torch_dtype";
    return json.has(key) ? json.text(key) : "float32";
  }

  /** An id, or the first of a list of ids. */
  private static int tokenId(JsonObject json, String key) {
    if (json.value(key) instanceof List<?> ids) {
      if (!ids.isEmpty() && ids.get(0) instanceof Long id && id.intValue() == id) {
        return id.intValue();
      }
      throw json.wrong(key, "a token id or a list of token ids");
    }
    return json.integer(key);
  }

  /** {@code base} with the keys of {@code config} set. */
  static Map<String, Object> merge(Map<String, ?> base, ModelConfig config) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of("DreamModel"));
    json.putAll(base);
    json.remove("dtype");
    json.put("model_type", config.modelType());
    json.put("vocab_size", config.vocabSize());
    json.put("hidden_size", config.hiddenSize());
    json.put("intermediate_size", config.intermediateSize());
    json.put("num_hidden_layers", config.hiddenLayers());
    json.put("num_attention_heads", config.attentionHeads());
    json.put("num_key_value_heads", config.keyValueHeads());
    json.put("hidden_act", "silu");
    json.put("max_position_embeddings", config.maxPositionEmbeddings());
    json.put("rope_theta", config.ropeTheta());
    json.put("rms_norm_eps", config.rmsNormEps());
    json.put("tie_word_embeddings", config.tieWordEmbeddings());
    json.put("right_shift", config.rightShift());
    json.put("mask_token_id", config.maskTokenId());
    json.put("pad_token_id", config.padTokenId());
    json.put("bos_token_id", config.bosTokenId());
    json.put("eos_token_id", config.eosTokenId());
    json.put("torch_dtype", config.torchDtype());
    return json;
  }
}
