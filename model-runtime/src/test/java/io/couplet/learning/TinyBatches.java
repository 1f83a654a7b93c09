package io.couplet.learning;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.TokenScorer;
import io.couplet.model.ModelConfig;
import io.couplet.random.RandomStream;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Update batches of random tokens with advantages of both signs. */
final class TinyBatches {
  static final long RUN_SEED = 77;

  private TinyBatches() {}

  /** A policy directory with tiny random weights and no tokenizer. */
  static Path policyDirectory(Path directory, ModelConfig config) throws IOException {
    DreamModule module = new DreamModule(config, ComputeDevice.CPU);
    try (TrainableWeights weights =
        new TrainableWeights(module, TinyModels.weights(module, 5), AdamWSettings.paper())) {
      weights.writePolicy(directory, null);
    }
    return directory;
  }

  /** Pairs of sequences with prompts of several lengths, some of them with a stop token. */
  static List<CompletedPrompt> sequences(int update, int count, int length) {
    List<CompletedPrompt> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomStream ofGroup = RandomStream.named(3, "prompt", update, i / 2);
      int[] prompt = tokens(ofGroup, 2 + ofGroup.nextInt(3));
      int[] completion = tokens(RandomStream.named(3, "batch", update, i), length);
      if (i % 2 == 0) {
        completion[length / 2] = 1;
      }
      sequences.add(new CompletedPrompt("g" + update + "-" + i / 2, i % 2, prompt, completion));
    }
    return sequences;
  }

  private static int[] tokens(RandomStream stream, int count) {
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = 3 + stream.nextInt(10);
    }
    return tokens;
  }

  /** Training samples whose behaviour policy is the scorer's. */
  static List<TrainingSample> samples(
      List<CompletedPrompt> sequences, TokenScorer behaviour, LearnerSettings settings) {
    float[][][] scores = behaviour.score(sequences, RUN_SEED, settings.scoring());
    List<TrainingSample> samples = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      CompletedPrompt sequence = sequences.get(i);
      samples.add(
          new TrainingSample(
              sequence.group(),
              sequence.member(),
              sequence.promptIds(),
              sequence.completionIds(),
              scores[i],
              i % 2 == 0 ? 1 : -0.7f));
    }
    return samples;
  }
}
