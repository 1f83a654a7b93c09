package io.couplet.torch;

import io.couplet.checkpoint.DreamTensors;
import io.couplet.model.ModelConfig;
import io.couplet.safetensors.TensorSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The architecture once more in plain doubles, loop by loop, written without a look at the
 * TorchScript: what the engine is compared with.
 */
public final class SlowDream {
  private final ModelConfig config;
  private final Map<String, double[]> tensors = new HashMap<>();

  public SlowDream(ModelConfig config, DreamWeights weights) throws IOException {
    this.config = config;
    for (TensorSpec spec : weights.specs()) {
      float[] values = weights.values(spec.name());
      double[] copy = new double[values.length];
      Arrays.setAll(copy, i -> values[i]);
      tensors.put(spec.name(), copy);
    }
  }

  /** A tensor to look at or to change. */
  public double[] tensor(String name) {
    return tensors.get(name);
  }

  /** log p of a token at a position of a sequence. */
  public double logProbability(double[][] logits, int position, int token) {
    double[] row = logits[config.rightShift() && position > 0 ? position - 1 : position];
    double highest = Arrays.stream(row).max().orElseThrow();
    double sum = 0;
    for (double logit : row) {
      sum += Math.exp(logit - highest);
    }
    return row[token] - highest - Math.log(sum);
  }

  /** [S][V] logits, unshifted. */
  public double[][] logits(int[] ids) {
    int hidden = config.hiddenSize();
    double[][] x = new double[ids.length][hidden];
    double[] embedding = tensor(DreamTensors.EMBEDDING);
    for (int i = 0; i < ids.length; i++) {
      System.arraycopy(embedding, ids[i] * hidden, x[i], 0, hidden);
    }
    for (int layer = 0; layer < config.hiddenLayers(); layer++) {
      String name = "model.layers." + layer + ".";
      addTo(x, attention(normed(x, name + "input_layernorm.weight"), name + "self_attn."));
      addTo(x, feedForward(normed(x, name + "post_attention_layernorm.weight"), name + "mlp."));
    }
    String output = config.tieWordEmbeddings() ? DreamTensors.EMBEDDING : DreamTensors.OUTPUT;
    return linear(normed(x, DreamTensors.FINAL_NORM), tensor(output), null, config.vocabSize());
  }

  private double[][] normed(double[][] x, String weight) {
    double[][] y = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      double squares = 0;
      for (double value : x[i]) {
        squares += value * value;
      }
      double scale = 1 / Math.sqrt(squares / x[i].length + config.rmsNormEps());
      y[i] = x[i].clone();
      for (int j = 0; j < y[i].length; j++) {
        y[i][j] *= scale * tensor(weight)[j];
      }
    }
    return y;
  }

  private double[][] attention(double[][] x, String name) {
    int size = config.headSize();
    int group = config.attentionHeads() / config.keyValueHeads();
    double[][] q = project(x, name + "q_proj", config.hiddenSize());
    double[][] k = project(x, name + "k_proj", config.keyValueSize());
    double[][] v = project(x, name + "v_proj", config.keyValueSize());
    rotate(q);
    rotate(k);
    double[][] mixed = new double[x.length][config.hiddenSize()];
    for (int head = 0; head < config.attentionHeads(); head++) {
      int from = head * size;
      int keyFrom = head / group * size;
      for (int i = 0; i < x.length; i++) {
        double[] weight = new double[x.length];
        double total = 0;
        for (int j = 0; j < x.length; j++) {
          double dot = 0;
          for (int d = 0; d < size; d++) {
            dot += q[i][from + d] * k[j][keyFrom + d];
          }
          weight[j] = Math.exp(dot / Math.sqrt(size));
          total += weight[j];
        }
        for (int j = 0; j < x.length; j++) {
          for (int d = 0; d < size; d++) {
            mixed[i][from + d] += weight[j] / total * v[j][keyFrom + d];
          }
        }
      }
    }
    return linear(mixed, tensor(name + "o_proj.weight"), null, config.hiddenSize());
  }

  private double[][] project(double[][] x, String name, int width) {
    return linear(x, tensor(name + ".weight"), tensor(name + ".bias"), width);
  }

  private void rotate(double[][] rows) {
    int size = config.headSize();
    for (int t = 0; t < rows.length; t++) {
      for (int head = 0; head < rows[t].length / size; head++) {
        for (int i = 0; i < size / 2; i++) {
          double angle = t / Math.pow(config.ropeTheta(), 2.0 * i / size);
          double a = rows[t][head * size + i];
          double b = rows[t][head * size + i + size / 2];
          rows[t][head * size + i] = a * Math.cos(angle) - b * Math.sin(angle);
          rows[t][head * size + i + size / 2] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
  }

  private double[][] feedForward(double[][] x, String name) {
    int width = config.intermediateSize();
    double[][] gate = linear(x, tensor(name + "gate_proj.weight"), null, width);
    double[][] up = linear(x, tensor(name + "up_proj.weight"), null, width);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < width; j++) {
        up[i][j] *= gate[i][j] / (1 + Math.exp(-gate[i][j]));
      }
    }
    return linear(up, tensor(name + "down_proj.weight"), null, config.hiddenSize());
  }

  private static double[][] linear(double[][] x, double[] weight, double[] bias, int width) {
    double[][] y = new double[x.length][width];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < width; o++) {
        double sum = bias == null ? 0 : bias[o];
        for (int d = 0; d < x[i].length; d++) {
          sum += x[i][d] * weight[o * x[i].length + d];
        }
        y[i][o] = sum;
      }
    }
    return y;
  }

  private static void addTo(double[][] x, double[][] change) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[i].length; j++) {
        x[i][j] += change[i][j];
      }
    }
  }
}
