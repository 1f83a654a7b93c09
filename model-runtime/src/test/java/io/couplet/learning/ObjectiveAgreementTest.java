package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.TokenScorer;
import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import io.couplet.safetensors.TensorSpec;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import io.couplet.torch.SlowDream;
import io.couplet.torch.TinyModels;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Scores, loss and gradient of a two-layer model against plain loops in double precision, on a
 * batch that clips on both sides and differs from its reference.
 */
class ObjectiveAgreementTest {
  private static final double DIFFERENCE = 1e-5;
  private static final int ELEMENTS_PER_TENSOR = 12;

  private final LearnerSettings settings = PolicyLearnerTest.settings(2, 0.3, 100);
  private final ModelConfig config = TinyModels.config();
  private DreamModule module;
  private DreamWeights weights;
  private SlowDream slow;
  private SlowObjective objective;
  private List<TrainingSample> samples;
  private float[][][] reference;
  private List<CompletedPrompt> sequences;

  @BeforeEach
  void drawModelAndBatch() throws Exception {
    module = new DreamModule(config, ComputeDevice.CPU);
    weights = TinyModels.weights(module, 5);
    slow = new SlowDream(config, weights);
    objective = new SlowObjective(settings, config.maskTokenId(), 1);
    sequences = TinyBatches.sequences(0, 3, 6);
    TokenScorer scorer = new TokenScorer(module, weights);
    samples = new ArrayList<>();
    RandomStream noise = RandomStream.named(4, "behaviour");
    for (TrainingSample sample : TinyBatches.samples(sequences, scorer, settings)) {
      for (float[] row : sample.behaviourScores()) {
        for (int k = 0; k < row.length; k++) {
          row[k] += (float) (0.4 * noise.nextGaussian());
        }
      }
      samples.add(sample);
    }
    reference = scorer.score(sequences, TinyBatches.RUN_SEED, settings.scoring());
    for (float[][] sample : reference) {
      for (float[] row : sample) {
        for (int k = 0; k < row.length; k++) {
          row[k] += (float) (0.3 * noise.nextGaussian());
        }
      }
    }
  }

  @AfterEach
  void freeModel() {
    module.close();
  }

  @Test
  void scoresAgree() {
    float[][][] scores =
        new TokenScorer(module, weights).score(sequences, TinyBatches.RUN_SEED, settings.scoring());
    for (int i = 0; i < samples.size(); i++) {
      for (int inner = 0; inner < 2; inner++) {
        double[] expected = objective.scores(slow, samples.get(i), inner);
        for (int k = 0; k < expected.length; k++) {
          assertThat((double) scores[i][inner][k])
              .isCloseTo(expected[k], within(1e-5 * Math.abs(expected[k])));
        }
      }
    }
  }

  @Test
  void lossAndGradientAgreeForBothInnerIterations() throws Exception {
    for (int inner = 0; inner < 2; inner++) {
      DreamWeights gradient = DreamWeights.zeros(module);
      double loss = engineGradient(inner, gradient);
      assertThat(loss).isCloseTo(slowLoss(inner), within(1e-5 * Math.abs(loss)));
      RandomStream choice = RandomStream.named(1, "elements", inner);
      for (TensorSpec spec : weights.specs()) {
        compare(spec, gradient.values(spec.name()), inner, choice);
      }
    }
  }

  /** Every token has a KL, a ratio and a side of its own: none is spread over its neighbours. */
  @Test
  void reportedKlAndClippingAreThoseOfTheTokensThemselves() {
    for (int inner = 0; inner < 2; inner++) {
      SlowObjective.Terms expected = objective.terms(slow, samples, referenceScores(inner), inner);
      float[] metrics = engineStep(inner, DreamWeights.zeros(module)).get(1).toFloatArray();
      assertThat((double) metrics[0]).isCloseTo(expected.klMean(), withinShare(expected.klMean()));
      assertThat((double) metrics[1]).isCloseTo(expected.klMax(), withinShare(expected.klMax()));
      assertThat(metrics[2]).as("tokens clipped low").isEqualTo(expected.clippedLow());
      assertThat(metrics[3]).as("tokens clipped high").isEqualTo(expected.clippedHigh());
      assertThat((double) metrics[4])
          .isCloseTo(expected.ratioMax(), withinShare(expected.ratioMax()));
    }
  }

  @Test
  void theGradientOfRepeatableKernelsAgrees() throws Exception {
    DreamWeights expected = DreamWeights.zeros(module);
    engineStep(0, expected);
    DreamModule plain = module;
    module = new DreamModule(config, ComputeDevice.CPU, true);
    try {
      weights = TinyModels.weights(module, 5);
      DreamWeights found = DreamWeights.zeros(module);
      engineStep(0, found);
      for (TensorSpec spec : weights.specs()) {
        float[] one = expected.values(spec.name());
        float[] other = found.values(spec.name());
        double scale = 0;
        for (float value : one) {
          scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < one.length; i++) {
          assertThat((double) other[i])
              .as("%s[%d]", spec.name(), i)
              .isCloseTo(one[i], within(1e-5 * scale + 1e-8));
        }
      }
    } finally {
      plain.close();
    }
  }

  private static Offset<Double> withinShare(double value) {
    return within(1e-4 * Math.abs(value)); // k3 is a difference of nearly equal numbers
  }

  private double engineGradient(int inner, DreamWeights gradient) {
    NDList result = engineStep(inner, gradient);
    float[] metrics = result.get(1).toFloatArray();
    assertThat(metrics[2]).as("tokens clipped low").isPositive();
    assertThat(metrics[3]).as("tokens clipped high").isPositive();
    return result.get(0).getFloat();
  }

  /** Loss and metrics of the engine, whose arrays live as long as the module of a test. */
  private NDList engineStep(int inner, DreamWeights gradient) {
    PolicyMicroBatch batch =
        new PolicyMicroBatch(module, settings, TinyBatches.RUN_SEED, inner, sequences);
    LossWeights lossWeights = new LossWeights(settings, 1, samples);
    for (int i = 0; i < samples.size(); i++) {
      TrainingSample sample = samples.get(i);
      batch.add(
          sample.behaviourScores()[inner],
          reference[i][inner],
          sample.advantage(),
          lossWeights.of(sample));
    }
    return module.train(
        module.manager(),
        "policy_gradient",
        batch.arguments(module.manager()),
        weights.named("p"),
        gradient.named("g"));
  }

  private double slowLoss(int inner) {
    return objective.loss(slow, samples, referenceScores(inner), inner);
  }

  private double[][] referenceScores(int inner) {
    double[][] scores = new double[samples.size()][];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new double[reference[i][inner].length];
      for (int k = 0; k < scores[i].length; k++) {
        scores[i][k] = reference[i][inner][k];
      }
    }
    return scores;
  }

  /** Central differences of the whole loss, to 1e-5 of the largest element of the tensor. */
  private void compare(TensorSpec spec, float[] gradient, int inner, RandomStream choice) {
    double[] tensor = slow.tensor(spec.name());
    double scale = 0;
    for (float value : gradient) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int n = 0; n < ELEMENTS_PER_TENSOR; n++) {
      int i = choice.nextInt(tensor.length);
      double before = tensor[i];
      tensor[i] = before + DIFFERENCE;
      double above = slowLoss(inner);
      tensor[i] = before - DIFFERENCE;
      double below = slowLoss(inner);
      tensor[i] = before;
      assertThat((double) gradient[i])
          .as("%s[%d]", spec.name(), i)
          .isCloseTo((above - below) / (2 * DIFFERENCE), within(1e-5 * scale + 1e-8));
    }
  }
}
