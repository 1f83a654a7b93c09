package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is scored ahead changes no bit, whatever was announced. */
class ReferenceScoresTest {
  /** The reference is renewed, in part, after every second of them. */
  private static final int UPDATES = 7;

  @TempDir private Path directory;
  private Path policy;
  private byte[] expected;

  /** What goes on around an update. */
  private interface Around {
    void update(PolicyLearner learner, int number) throws Exception;
  }

  @BeforeEach
  void learnWithoutAnnouncements() throws Exception {
    policy = TinyBatches.policyDirectory(directory.resolve("policy"), TinyModels.config());
    expected = state((learner, number) -> {}, "expected");
  }

  private byte[] state(Around before, String name) throws Exception {
    LearnerSettings settings = PolicyLearnerTest.settings(2, 0.1, 4);
    try (PolicyLearner learner =
        PolicyLearner.open(policy, settings, TinyBatches.RUN_SEED, ComputeDevice.CPU)) {
      for (int number = 0; number < UPDATES; number++) {
        before.update(learner, number);
        learner.update(TinyBatches.samples(sequences(number), learner.currentScorer(), settings));
      }
      Path file = directory.resolve(name + ".safetensors");
      learner.exportState(file);
      return Files.readAllBytes(file);
    }
  }

  private static List<CompletedPrompt> sequences(int update) {
    return TinyBatches.sequences(update, 6, 7);
  }

  private static Map<String, List<CompletedPrompt>> groups(int update) {
    return sequences(update).stream()
        .collect(
            Collectors.groupingBy(CompletedPrompt::group, LinkedHashMap::new, Collectors.toList()));
  }

  private static void announce(PolicyLearner learner, int update) {
    groups(update).forEach((group, sequences) -> learner.scoreAhead(group, () -> sequences));
  }

  @Test
  void groupsAnnouncedBeforeTheUpdateBeforeTheirsAreScoredUnderTheReferenceOfTheirOwn()
      throws Exception {
    byte[] ahead =
        state(
            (learner, number) -> {
              if (number == 0) {
                announce(learner, 0);
              }
              announce(learner, number + 1);
            },
            "ahead");
    assertThat(ahead).isEqualTo(expected);
  }

  @Test
  void announcementsDuringUpdatesChangeNothing() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread[] reader = new Thread[1];
    byte[] during =
        state(
            (learner, number) -> {
              if (number == 0) {
                reader[0] = new Thread(() -> announceUntil(done, learner));
                reader[0].start();
              } else if (number == UPDATES - 1) {
                done.set(true);
                reader[0].join();
              }
            },
            "during");
    assertThat(during).isEqualTo(expected);
  }

  private static void announceUntil(AtomicBoolean done, PolicyLearner learner) {
    for (int i = 0; !done.get(); i++) {
      announce(learner, i % UPDATES);
      Thread.onSpinWait();
    }
  }

  @Test
  void aGroupThatComesWithOtherMembersIsScoredAsItCame() throws Exception {
    byte[] other =
        state(
            (learner, number) -> {
              List<String> own = List.copyOf(groups(number).keySet());
              List<List<CompletedPrompt>> foreign = List.copyOf(groups(number + 1).values());
              for (int i = 0; i < own.size(); i++) {
                List<CompletedPrompt> wrong = foreign.get(i);
                learner.scoreAhead(own.get(i), () -> wrong);
              }
            },
            "other");
    assertThat(other).isEqualTo(expected);
  }

  @Test
  void aGroupThatWasAnnouncedUnderAnotherGroupsMasksIsScoredUnderItsOwn() throws Exception {
    byte[] masked =
        state(
            (learner, number) ->
                groups(number)
                    .forEach(
                        (group, sequences) ->
                            learner.scoreAhead(
                                group,
                                () ->
                                    sequences.stream()
                                        .map(
                                            s ->
                                                new CompletedPrompt(
                                                    "other",
                                                    s.member(),
                                                    s.promptIds(),
                                                    s.completionIds()))
                                        .toList())),
            "masked");
    assertThat(masked).isEqualTo(expected);
  }

  @Test
  void aGroupThatCannotBeScoredAheadIsScoredInItsTurn() throws Exception {
    byte[] failing =
        state(
            (learner, number) ->
                groups(number)
                    .keySet()
                    .forEach(
                        group ->
                            learner.scoreAhead(
                                group,
                                () -> {
                                  throw new IllegalStateException("as the test wants it");
                                })),
            "failing");
    assertThat(failing).isEqualTo(expected);
  }

  @Test
  void groupsThatAreNeverUsedMakeRoomForLaterOnes() throws Exception {
    CountDownLatch later = new CountDownLatch(50);
    byte[] crowded =
        state(
            (learner, number) -> {
              if (number == 0) {
                crowd(learner, "lost", new CountDownLatch(0));
                announce(learner, 0);
              } else if (number == 1) {
                crowd(learner, "later", later);
              }
            },
            "crowded");
    assertThat(crowded).isEqualTo(expected);
    assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void crowd(PolicyLearner learner, String name, CountDownLatch scored) {
    Collection<List<CompletedPrompt>> some = groups(0).values();
    for (int i = 0; i < 50; i++) {
      learner.scoreAhead(
          name + i,
          () -> {
            scored.countDown();
            return some.iterator().next();
          });
    }
  }
}
