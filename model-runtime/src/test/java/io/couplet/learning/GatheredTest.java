package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.learning.UpdateReport.Outcome;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups gathered before their update give the bits of groups that come with it. */
class GatheredTest {
  private static final int UPDATES = 5;

  /** Of two members each. */
  private static final int GROUPS = 3;

  @TempDir private Path directory;
  private Path policy;
  private byte[] expected;

  /** What is done with the samples of an update before it. */
  private interface Before {
    void update(PolicyLearner learner, List<TrainingSample> samples) throws Exception;
  }

  @BeforeEach
  void learnFromWholeBatches() throws Exception {
    policy = TinyBatches.policyDirectory(directory.resolve("policy"), TinyModels.config());
    expected = state((learner, samples) -> {}, "expected");
  }

  private PolicyLearner learner() throws Exception {
    LearnerSettings settings = PolicyLearnerTest.settings(2, 0.1, 4);
    return PolicyLearner.open(policy, settings, TinyBatches.RUN_SEED, ComputeDevice.CPU);
  }

  private byte[] state(Before before, String name) throws Exception {
    try (PolicyLearner learner = learner()) {
      for (int update = 0; update < UPDATES; update++) {
        List<TrainingSample> samples = samples(learner, update);
        before.update(learner, samples);
        assertThat(learner.update(samples).outcome()).isEqualTo(Outcome.UPDATED);
      }
      return exported(learner, name);
    }
  }

  private static List<TrainingSample> samples(PolicyLearner learner, int update) {
    List<CompletedPrompt> sequences = TinyBatches.sequences(update, 2 * GROUPS, 7);
    return TinyBatches.samples(sequences, learner.currentScorer(), learner.settings());
  }

  private static List<TrainingSample> group(List<TrainingSample> samples, int number) {
    return samples.subList(2 * number, 2 * number + 2);
  }

  private byte[] exported(PolicyLearner learner, String name) throws Exception {
    Path file = directory.resolve(name + ".safetensors");
    learner.exportState(file);
    return Files.readAllBytes(file);
  }

  @Test
  void anyNumberOfGroupsMayComeBefore() throws Exception {
    for (int early = 1; early <= GROUPS; early++) {
      int groups = early;
      byte[] gathered =
          state(
              (learner, samples) -> {
                for (int number = 0; number < groups; number++) {
                  learner.gather(group(samples, number));
                }
              },
              "early-" + early);
      assertThat(gathered).as("%d groups before", early).isEqualTo(expected);
    }
  }

  @Test
  void groupsThatTheBatchDoesNotBeginWithAreLeftOut() throws Exception {
    byte[] other =
        state((learner, samples) -> learner.gather(group(samples(learner, 77), 0)), "other");
    byte[] second = state((learner, samples) -> learner.gather(group(samples, 1)), "second");
    byte[] inPart =
        state((learner, samples) -> learner.gather(group(samples, 0).subList(0, 1)), "in-part");
    byte[] valued =
        state(
            (learner, samples) -> {
              List<TrainingSample> better = new ArrayList<>();
              for (TrainingSample s : group(samples, 0)) {
                better.add(
                    new TrainingSample(
                        s.group(),
                        s.member(),
                        s.promptIds(),
                        s.completionIds(),
                        s.behaviourScores(),
                        2 * s.advantage()));
              }
              learner.gather(better);
            },
            "valued");
    assertThat(other).as("a group of another update").isEqualTo(expected);
    assertThat(second).as("not the first group").isEqualTo(expected);
    assertThat(inPart).as("half of a group").isEqualTo(expected);
    assertThat(valued).as("other advantages").isEqualTo(expected);
  }

  @Test
  void aStateExportedInBetweenIsThatOfTheUpdateBefore() throws Exception {
    try (PolicyLearner learner = learner()) {
      learner.update(samples(learner, 0));
      byte[] before = exported(learner, "before");
      learner.gather(group(samples(learner, 1), 0));
      assertThat(exported(learner, "between")).isEqualTo(before);
    }
  }

  @Test
  void whatWasGatheredUnderOtherWeightsIsForgotten() throws Exception {
    try (PolicyLearner learner = learner()) {
      learner.update(samples(learner, 0));
      Path first = directory.resolve("first.safetensors");
      learner.exportState(first);
      List<TrainingSample> next = samples(learner, 1);
      learner.update(next);
      byte[] wanted = exported(learner, "wanted");

      learner.gather(group(next, 0));
      learner.importState(first);
      learner.update(next);

      assertThat(exported(learner, "again")).isEqualTo(wanted);
    }
  }

  @Test
  void aGroupWithoutAFiniteGradientSkipsTheUpdateThatItWasGatheredFor() throws Exception {
    try (PolicyLearner learner = learner()) {
      learner.update(samples(learner, 0));
      byte[] before = exported(learner, "finite");
      List<TrainingSample> poisoned = samples(learner, 1);
      poisoned.get(0).behaviourScores()[0][0] = Float.NaN;
      learner.gather(group(poisoned, 0));

      UpdateReport report = learner.update(poisoned);

      assertThat(report.outcome()).isEqualTo(Outcome.SKIPPED_NON_FINITE);
      assertThat(exported(learner, "skipped")).isEqualTo(before);
      assertThat(learner.update(samples(learner, 1)).outcome()).isEqualTo(Outcome.UPDATED);
    }
  }

  @Test
  void membersOfTwoGroupsAreNotGatheredTogether() throws Exception {
    try (PolicyLearner learner = learner()) {
      List<TrainingSample> samples = samples(learner, 0);
      assertThatThrownBy(() -> learner.gather(samples))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("all members of one group");
      assertThatThrownBy(() -> learner.gather(List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("An update needs at least one sample");
    }
  }
}
