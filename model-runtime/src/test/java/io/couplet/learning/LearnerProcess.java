package io.couplet.learning;

import io.couplet.torch.ComputeDevice;
import java.nio.file.Path;

/**
 * Updates on generated batches, in this process or in one of its own: arguments are the policy
 * directory, the state to start from or {@code -}, the number of updates to reach and the file for
 * the state reached.
 */
final class LearnerProcess {
  private LearnerProcess() {}

  public static void main(String[] arguments) throws Exception {
    Path from = arguments[1].equals("-") ? null : Path.of(arguments[1]);
    run(Path.of(arguments[0]), from, Long.parseLong(arguments[2]), Path.of(arguments[3]));
  }

  static void run(Path policy, Path from, long until, Path to) throws Exception {
    LearnerSettings settings = PolicyLearnerTest.settings(1, 0.1, 100);
    try (PolicyLearner learner =
        PolicyLearner.open(policy, settings, TinyBatches.RUN_SEED, ComputeDevice.CPU)) {
      if (from != null) {
        learner.importState(from);
      }
      while (learner.step() < until) {
        int update = (int) learner.step();
        learner.update(
            TinyBatches.samples(
                TinyBatches.sequences(update, 6, 7), learner.currentScorer(), settings));
      }
      learner.exportState(to);
    }
  }
}
