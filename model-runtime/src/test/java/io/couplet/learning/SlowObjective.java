package io.couplet.learning;

import io.couplet.grpo.CoupledMasks;
import io.couplet.grpo.ScoringSettings;
import io.couplet.torch.SlowDream;
import java.util.List;

/**
 * The loss of a coupled-GRPO update in plain doubles, written from the formulas: one pair of masks,
 * released normalization, token mean.
 */
final class SlowObjective {
  private final LearnerSettings settings;
  private final int maskTokenId;
  private final int stopTokenId;

  SlowObjective(LearnerSettings settings, int maskTokenId, int stopTokenId) {
    this.settings = settings;
    this.maskTokenId = maskTokenId;
    this.stopTokenId = stopTokenId;
  }

  /** s_k = (lp0_k + g_k) / 2. */
  double[] scores(SlowDream model, TrainingSample sample, int innerIteration) {
    int length = sample.completionIds().length;
    ScoringSettings scoring = settings.scoring();
    CoupledMasks masks =
        CoupledMasks.draw(
            TinyBatches.RUN_SEED,
            sample.group(),
            sample.member(),
            innerIteration,
            0,
            length,
            scoring);
    boolean[] everything = new boolean[length];
    java.util.Arrays.fill(everything, true);
    double[] full = logProbabilities(model, sample, everything);
    double[] first = logProbabilities(model, sample, masks.masked());
    double[] second = logProbabilities(model, sample, masks.complement().masked());
    double[] scores = new double[length];
    for (int k = 0; k < length; k++) {
      double pair = masks.masked()[k] ? first[k] / masks.ratio() : second[k] / (1 - masks.ratio());
      scores[k] = (full[k] + pair) / 2;
    }
    return scores;
  }

  private double[] logProbabilities(SlowDream model, TrainingSample sample, boolean[] masked) {
    int prompt = sample.promptIds().length;
    int length = sample.completionIds().length;
    int[] row = java.util.Arrays.copyOf(sample.promptIds(), prompt + length);
    for (int k = 0; k < length; k++) {
      row[prompt + k] = masked[k] ? maskTokenId : sample.completionIds()[k];
    }
    double[][] logits = model.logits(row);
    double[] result = new double[length];
    for (int k = 0; k < length; k++) {
      result[k] = model.logProbability(logits, prompt + k, sample.completionIds()[k]);
    }
    return result;
  }

  /** The whole loss and what is reported about its tokens, those behind a stop token left out. */
  record Terms(
      double loss, double klMean, double klMax, int clippedLow, int clippedHigh, double ratioMax) {}

  /** The whole loss. */
  double loss(
      SlowDream model, List<TrainingSample> samples, double[][] reference, int innerIteration) {
    return terms(model, samples, reference, innerIteration).loss();
  }

  /**
   * @param reference [sample][L] reference scores
   */
  Terms terms(
      SlowDream model, List<TrainingSample> samples, double[][] reference, int innerIteration) {
    double sum = 0;
    double klSum = 0;
    double klMax = 0;
    double ratioMax = 0;
    int low = 0;
    int high = 0;
    int tokens = 0;
    for (int i = 0; i < samples.size(); i++) {
      TrainingSample sample = samples.get(i);
      double[] scores = scores(model, sample, innerIteration);
      for (int k = 0; k < scores.length; k++) {
        double ratio = Math.exp(scores[k] - sample.behaviourScores()[innerIteration][k]);
        double clipped = Math.max(1 - settings.clipLow(), Math.min(1 + settings.clipHigh(), ratio));
        double gain = Math.min(ratio * sample.advantage(), clipped * sample.advantage());
        double d = reference[i][k] - scores[k];
        double kl = Math.exp(d) - d - 1;
        sum += -gain + settings.klWeight() * kl;
        klSum += kl;
        klMax = Math.max(klMax, kl);
        ratioMax = Math.max(ratioMax, ratio);
        low += ratio < 1 - settings.clipLow() && sample.advantage() < 0 ? 1 : 0;
        high += ratio > 1 + settings.clipHigh() && sample.advantage() > 0 ? 1 : 0;
        tokens++;
        if (sample.completionIds()[k] == stopTokenId) {
          break;
        }
      }
    }
    return new Terms(sum / tokens, klSum / tokens, klMax, low, high, ratioMax);
  }
}
