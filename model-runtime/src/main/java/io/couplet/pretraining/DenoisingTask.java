package io.couplet.pretraining;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.couplet.learning.TrainableWeights;
import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import io.couplet.torch.DreamModule;
import io.couplet.torch.PaddedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A noised batch of the masked diffusion objective. Example b of a batch of B has the noise level
 * t_b = 1 - (u + b / B mod 1) with one uniform u for the batch: each is uniform in (0, 1], and
 * together they cover it evenly. Every trainable token is masked with probability t_b; the noise
 * comes from the streams (seed, "noise", step, b). Label smoothing is sampled: with its probability
 * the answer at a masked position is a token drawn from (seed, "labels", step, b), which has the
 * smoothed loss as its mean.
 */
final class DenoisingTask {
  /** Lowest noise level, which bounds the weight 1/t. */
  static final double MIN_NOISE = 1e-3;

  private final PretrainingSettings settings;
  private final int vocabularySize;
  private final int maskTokenId;
  private final int stopTokenId;
  private final List<int[]> rows = new ArrayList<>();
  private final List<int[]> masked = new ArrayList<>();
  private final List<int[]> targets = new ArrayList<>();
  private final List<float[]> weights = new ArrayList<>();
  private double trainableWeight;
  private double maskedWeight;
  private long maskedTokens;
  private long tokens;

  DenoisingTask(
      PretrainingSettings settings, ModelConfig config, ExampleSource examples, long step) {
    this.settings = settings;
    this.vocabularySize = config.vocabSize();
    this.maskTokenId = config.maskTokenId();
    this.stopTokenId = config.eosTokenId();
    double shift = RandomStream.named(settings.seed(), "noise", step).nextDouble();
    int size = settings.batchSize();
    for (int b = 0; b < size; b++) {
      double level = Math.max(MIN_NOISE, 1 - (shift + (double) b / size) % 1);
      noise(
          examples.example(step * size + b),
          level,
          RandomStream.named(settings.seed(), "noise", step, b),
          RandomStream.named(settings.seed(), "labels", step, b));
    }
  }

  private void noise(
      PretrainingExample example, double level, RandomStream stream, RandomStream labels) {
    int prompt = example.promptIds().length;
    int[] row = Arrays.copyOf(example.promptIds(), prompt + example.completionIds().length);
    System.arraycopy(example.completionIds(), 0, row, prompt, example.completionIds().length);
    int first = settings.trainable() == TrainableTokens.ALL ? 1 : prompt;
    int[] positions = new int[row.length];
    int[] answers = new int[row.length];
    float[] factors = new float[row.length];
    int count = 0;
    boolean stopped = false;
    for (int i = first; i < row.length; i++) {
      double weight = stopped ? settings.tailWeight() : 1;
      stopped |= i >= prompt && row[i] == stopTokenId;
      trainableWeight += weight;
      if (stream.nextDouble() < level) {
        positions[count] = i;
        answers[count] = answer(row[i], labels);
        factors[count++] =
            (float)
                (settings.weighting() == LossWeighting.LIKELIHOOD_BOUND ? weight / level : weight);
        maskedWeight += weight;
        row[i] = maskTokenId;
      }
    }
    rows.add(row);
    masked.add(Arrays.copyOf(positions, count));
    targets.add(Arrays.copyOf(answers, count));
    weights.add(Arrays.copyOf(factors, count));
    maskedTokens += count;
    tokens += row.length;
  }

  private int answer(int token, RandomStream labels) {
    if (settings.labelSmoothing() == 0 || labels.nextDouble() >= settings.labelSmoothing()) {
      return token;
    }
    int drawn = labels.nextInt(vocabularySize);
    return drawn == maskTokenId ? token : drawn;
  }

  /** Tokens that pass through the model. */
  long tokens() {
    return tokens;
  }

  /** The engine calls of this batch. */
  List<TrainableWeights.MicroBatch> microBatches(DreamModule module) {
    double scale =
        1
            / (settings.weighting() == LossWeighting.LIKELIHOOD_BOUND
                ? trainableWeight
                : Math.max(1e-9, maskedWeight));
    int size = settings.microBatchSize();
    return IntStream.iterate(0, from -> from < rows.size(), from -> from + size)
        .<TrainableWeights.MicroBatch>mapToObj(
            from ->
                owner -> arguments(module, owner, from, Math.min(rows.size(), from + size), scale))
        .toList();
  }

  private NDList arguments(DreamModule module, NDManager owner, int from, int to, double scale) {
    int n = IntStream.range(from, to).map(b -> masked.get(b).length).sum();
    PaddedRows padded = module.pad(owner, rows.subList(from, to));
    long[] query = new long[n];
    long[] target = new long[n];
    float[] weight = new float[n];
    float[] share = new float[n];
    int i = 0;
    for (int b = from; b < to; b++) {
      for (int j = 0; j < masked.get(b).length; j++, i++) {
        query[i] = padded.logitsOf(b - from, masked.get(b)[j]);
        target[i] = targets.get(b)[j];
        weight[i] = (float) (weights.get(b)[j] * scale);
        share[i] = 1f / maskedTokens;
      }
    }
    NDList rotary = module.rotary(padded.length());
    return new NDList(
        padded.ids(),
        padded.seen(),
        rotary.get(0),
        rotary.get(1),
        owner.create(query),
        owner.create(target),
        owner.create(weight),
        owner.create(share));
  }
}
