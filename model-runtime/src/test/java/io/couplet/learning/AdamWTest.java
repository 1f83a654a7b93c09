package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.couplet.safetensors.TensorSpec;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import io.couplet.torch.TinyModels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three steps of the engine's clipping and AdamW against the formulas in doubles. */
class AdamWTest {
  private static final double RATE = 1e-2;
  private static final AdamWSettings ADAMW = new AdamWSettings(0.9, 0.99, 1e-8, 0.1, 0.2);

  @Test
  void stepsFollowTheFormulasAndSpareBiasesAndNormsFromDecay() throws Exception {
    LearnerSettings settings = PolicyLearnerTest.settings(1, 0, 100);
    DreamModule module = new DreamModule(TinyModels.config(), ComputeDevice.CPU);
    try (TrainableWeights trainable =
        new TrainableWeights(module, TinyModels.weights(module, 5), ADAMW)) {
      Map<String, double[]> m = new HashMap<>();
      Map<String, double[]> v = new HashMap<>();
      for (int step = 1; step <= 3; step++) {
        PolicyMicroBatch batch = batch(trainable, settings, step);
        DreamWeights gradient = DreamWeights.zeros(module);
        try (NDManager call = module.manager().newSubManager()) {
          module.train(
              call,
              "policy_gradient",
              batch.arguments(call),
              trainable.weights().named("p"),
              gradient.named("g"));
        }
        double norm = norm(gradient);
        Map<String, float[]> before = values(trainable.weights());
        TrainableWeights.Step made =
            trainable.step("policy_step", "policy_gradient", List.of(batch), RATE);
        assertThat(made.norm()).isCloseTo(norm, within(1e-5 * norm));
        assertThat(norm).isGreaterThan(ADAMW.maxGradientNorm());
        for (TensorSpec spec : trainable.weights().specs()) {
          compare(spec, before, gradient, norm, step, m, v, trainable);
        }
        gradient.close();
      }
      assertThat(trainable.optimizerSteps()).isEqualTo(3);
    }
  }

  private static PolicyMicroBatch batch(
      TrainableWeights trainable, LearnerSettings settings, int update) {
    List<io.couplet.grpo.CompletedPrompt> sequences = TinyBatches.sequences(update, 4, 6);
    List<TrainingSample> samples =
        TinyBatches.samples(
            sequences,
            new io.couplet.grpo.TokenScorer(trainable.module(), trainable.weights()),
            settings);
    LossWeights lossWeights = new LossWeights(settings, 1, samples);
    PolicyMicroBatch batch =
        new PolicyMicroBatch(trainable.module(), settings, TinyBatches.RUN_SEED, 0, sequences);
    for (TrainingSample sample : samples) {
      batch.add(sample.behaviourScores()[0], null, 10 * sample.advantage(), lossWeights.of(sample));
    }
    return batch;
  }

  private static double norm(DreamWeights gradient) throws Exception {
    double squares = 0;
    for (float[] values : values(gradient).values()) {
      for (float value : values) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }

  private static Map<String, float[]> values(DreamWeights weights) throws Exception {
    Map<String, float[]> values = new HashMap<>();
    for (TensorSpec spec : weights.specs()) {
      values.put(spec.name(), weights.values(spec.name()));
    }
    return values;
  }

  private static void compare(
      TensorSpec spec,
      Map<String, float[]> before,
      DreamWeights gradient,
      double norm,
      int step,
      Map<String, double[]> m,
      Map<String, double[]> v,
      TrainableWeights trainable)
      throws Exception {
    float[] g = gradient.values(spec.name());
    float[] after = trainable.weights().values(spec.name());
    double[] first = m.computeIfAbsent(spec.name(), name -> new double[g.length]);
    double[] second = v.computeIfAbsent(spec.name(), name -> new double[g.length]);
    double clip = Math.min(1, ADAMW.maxGradientNorm() / (norm + 1e-6));
    double decay = spec.shape().size() > 1 ? ADAMW.weightDecay() : 0;
    for (int i = 0; i < g.length; i++) {
      double clipped = g[i] * clip;
      first[i] = ADAMW.beta1() * first[i] + (1 - ADAMW.beta1()) * clipped;
      second[i] = ADAMW.beta2() * second[i] + (1 - ADAMW.beta2()) * clipped * clipped;
      double mHat = first[i] / (1 - Math.pow(ADAMW.beta1(), step));
      double vHat = second[i] / (1 - Math.pow(ADAMW.beta2(), step));
      double expected =
          before.get(spec.name())[i] * (1 - RATE * decay)
              - RATE * mHat / (Math.sqrt(vHat) + ADAMW.epsilon());
      // Where the gradient is round-off, as for key biases, Adam makes full steps of noise.
      if (Math.abs(clipped) > 1e-6) {
        assertThat((double) after[i])
            .as("%s[%d]", spec.name(), i)
            .isCloseTo(expected, within(2e-5));
      }
    }
  }
}
