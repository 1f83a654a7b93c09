package io.couplet.checkpoint;

import io.couplet.model.ModelConfig;
import io.couplet.safetensors.ElementType;
import io.couplet.safetensors.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Names and shapes of the tensors of the Dream architecture in their canonical order: embedding,
 * layers, final norm, output projection. The order of parameters everywhere in this project.
 */
public final class DreamTensors {
  public static final String EMBEDDING = "model.embed_tokens.weight";
  public static final String FINAL_NORM = "model.norm.weight";

  /** Absent from the list of a model with a tied output projection. */
  public static final String OUTPUT = "lm_head.weight";

  private DreamTensors() {}

  /** The tensors that a checkpoint of this configuration holds, all of one element type. */
  public static List<TensorSpec> of(ModelConfig config, ElementType type) {
    long vocabulary = config.vocabSize();
    long hidden = config.hiddenSize();
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(TensorSpec.of(EMBEDDING, type, vocabulary, hidden));
    for (int layer = 0; layer < config.hiddenLayers(); layer++) {
      addLayer(tensors, config, "model.layers." + layer + ".", type);
    }
    tensors.add(TensorSpec.of(FINAL_NORM, type, hidden));
    if (!config.tieWordEmbeddings()) {
      tensors.add(output(config, type));
    }
    return List.copyOf(tensors);
  }

  private static void addLayer(
      List<TensorSpec> tensors, ModelConfig config, String layer, ElementType type) {
    long hidden = config.hiddenSize();
    long keyValue = config.keyValueSize();
    long intermediate = config.intermediateSize();
    tensors.add(TensorSpec.of(layer + "input_layernorm.weight", type, hidden));
    tensors.add(TensorSpec.of(layer + "self_attn.q_proj.weight", type, hidden, hidden));
    tensors.add(TensorSpec.of(layer + "self_attn.q_proj.bias", type, hidden));
    tensors.add(TensorSpec.of(layer + "self_attn.k_proj.weight", type, keyValue, hidden));
    tensors.add(TensorSpec.of(layer + "self_attn.k_proj.bias", type, keyValue));
    tensors.add(TensorSpec.of(layer + "self_attn.v_proj.weight", type, keyValue, hidden));
    tensors.add(TensorSpec.of(layer + "self_attn.v_proj.bias", type, keyValue));
    tensors.add(TensorSpec.of(layer + "self_attn.o_proj.weight", type, hidden, hidden));
    tensors.add(TensorSpec.of(layer + "post_attention_layernorm.weight", type, hidden));
    tensors.add(TensorSpec.of(layer + "mlp.gate_proj.weight", type, intermediate, hidden));
    tensors.add(TensorSpec.of(layer + "mlp.up_proj.weight", type, intermediate, hidden));
    tensors.add(TensorSpec.of(layer + "mlp.down_proj.weight", type, hidden, intermediate));
  }

  /** The output projection, whether the model ties it or not. */
  static TensorSpec output(ModelConfig config, ElementType type) {
    return TensorSpec.of(OUTPUT, type, config.vocabSize(), config.hiddenSize());
  }

  /** Names in canonical order. */
  public static List<String> names(ModelConfig config) {
    return of(config, ElementType.F32).stream().map(TensorSpec::name).toList();
  }
}
