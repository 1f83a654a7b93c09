package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.FailurePoint.Point;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearnerTest {
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path directory;
  private LearnerRun run;

  @BeforeEach
  void openRun() throws IOException {
    run = new LearnerRun(directory);
  }

  @Test
  void aFreshRunAnnouncesAndRecordsVersionZero() throws Exception {
    run.begin(FailurePoint.NONE);
    assertThat(run.journal.ledger).hasSize(1);
    LedgerEntry entry = run.journal.ledger.get(0);
    assertThat(entry.getOutcome()).isEqualTo(UpdateOutcome.INITIAL);
    assertThat(entry.getEnvironment()).containsEntry("threads", "1");
    assertThat(run.journal.policies.get(0).getSha256()).isEqualTo(entry.getPolicySha256());
    assertThat(Path.of(java.net.URI.create(entry.getPolicyUri())))
        .isDirectoryContaining("glob:**/model.safetensors");
  }

  @Test
  void everyUpdateHasALedgerRecordThatNamesItsGroupsAndDrops() throws Exception {
    Learner learner = run.begin(FailurePoint.NONE);
    List<Group> tape = new ArrayList<>();
    tape.add(Tapes.flat("flat", 0));
    tape.addAll(Tapes.usable(4));
    LearnerRun.read(learner, tape, 0);
    LedgerEntry first = run.journal.ledger.get(1);
    assertThat(first.getDrops()).containsExactly(new LedgerDrop("flat", 0L, "ZERO_VARIANCE"));
    assertThat(first.getGroups()).extracting("group").containsExactly("g0", "g1");
    assertThat(first.getZeroVarianceShare()).isEqualTo(1.0 / 3);
    assertThat(first.getVersionOut()).isEqualTo(1);
    LedgerEntry second = run.journal.ledger.get(2);
    assertThat(second.getParentSha256()).isEqualTo(first.getPolicySha256());
    assertThat(second.getConsumedGroups()).isEqualTo(5);
    assertThat(second.getSeconds())
        .containsKeys("waiting", "learning", "publishing", "sample_to_gradient");
  }

  @Test
  void everyConsumedGroupPaysItsCredit() throws Exception {
    Learner learner = run.begin(FailurePoint.NONE);
    learner.read(0, Tapes.flat("flat", 0));
    learner.read(1, Tapes.dropped("gone", "x"));
    assertThat(run.journal.policies)
        .extracting(Policy::getConsumedGroups)
        .containsExactly(0L, 1L, 2L);
    assertThat(run.journal.policies).extracting(Policy::getVersion).containsOnly(0L);
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void aLearnerKilledAnywhereGivesTheLedgerOfAnUndisturbedOne(Point point) throws Exception {
    List<Group> tape = Tapes.usable(16);
    LearnerRun undisturbed = new LearnerRun(directory.resolve("undisturbed"));
    LearnerRun.read(undisturbed.begin(FailurePoint.NONE), tape, 0);

    FailurePoint kill =
        (reached, step) -> {
          if (reached == point && step == 3) {
            throw new Killed();
          }
        };
    Learner learner = run.begin(kill);
    LearnerCheckpoint last = null;
    boolean killed = false;
    for (int offset = 0; offset < tape.size(); ) {
      try {
        if (offset % 3 == 0) {
          last = learner.checkpoint(offset);
        }
        learner.read(offset, tape.get(offset));
        offset++;
      } catch (Killed e) {
        killed = true;
        learner = run.resume(last, new CountingTrainer(), FailurePoint.NONE);
        offset = (int) last.position().nextOffset();
      }
    }
    assertThat(killed).isTrue();
    assertThat(run.journal.hashes()).isEqualTo(undisturbed.journal.hashes());
    assertThat(run.journal.ledger)
        .extracting(LedgerEntry::getStep)
        .containsExactlyElementsOf(
            undisturbed.journal.ledger.stream().map(LedgerEntry::getStep).toList());
  }

  @Test
  void randomKillsAndCheckpointsGiveTheLedgerOfAnUndisturbedRun() throws Exception {
    List<Group> tape = Tapes.mixed(80);
    LearnerRun.read(run.begin(FailurePoint.NONE), tape, 0);
    List<String> expected = run.journal.hashes();
    Map<Point, Integer> kills = new EnumMap<>(Point.class);
    for (int seed = 0; seed < 40; seed++) {
      run.journal.ledger.clear();
      Random random = new Random(seed);
      FailurePoint kill =
          (reached, step) -> {
            if (step > 0 && random.nextInt(12) == 0) {
              kills.merge(reached, 1, Integer::sum);
              throw new Killed();
            }
          };
      Learner learner = run.begin(kill);
      LearnerCheckpoint last = null;
      for (int offset = 0; offset < tape.size(); ) {
        try {
          if (last == null || random.nextInt(4) == 0) {
            last = learner.checkpoint(offset);
          }
          learner.read(offset, tape.get(offset));
          offset++;
        } catch (Killed e) {
          learner = run.resume(last, new CountingTrainer(), kill);
          offset = (int) last.position().nextOffset();
        }
      }
      assertThat(run.journal.hashes()).isEqualTo(expected);
    }
    assertThat(kills).containsOnlyKeys(Point.values());
    assertThat(kills.values().stream().mapToInt(Integer::intValue).sum())
        .as("kills: %s", kills)
        .isGreaterThanOrEqualTo(200);
  }

  @Test
  void anotherHashForARecordedStepHaltsTheRunAndSaysWhatToDo() throws Exception {
    Learner learner = run.begin(FailurePoint.NONE);
    LearnerCheckpoint checkpoint = learner.checkpoint(1);
    LearnerRun.read(learner, Tapes.usable(4), 0);
    String recorded = run.journal.hashes().get(1);
    int announced = run.journal.policies.size();

    Learner elsewhere = run.resume(checkpoint, new CountingTrainer(1e-12), FailurePoint.NONE);
    assertThatThrownBy(() -> LearnerRun.read(elsewhere, Tapes.usable(4), 0))
        .isInstanceOf(RunHaltedException.class)
        .hasMessageContaining("halts at step 1")
        .hasMessageContaining(recorded)
        .hasMessageContaining("fork it from step 0");
    assertThat(run.journal.ledger.get(run.journal.ledger.size() - 1).getOutcome())
        .isEqualTo(UpdateOutcome.HALTED);
    assertThat(run.journal.policies.subList(announced, run.journal.policies.size()))
        .extracting(Policy::getVersion)
        .containsOnly(0L);
  }

  @Test
  void nonFiniteUpdatesAreSkippedAndTooManyInARowHaltTheRun() throws Exception {
    Learner learner = run.begin(FailurePoint.NONE);
    learner.read(0, Tapes.usable("nan0", 0));
    learner.read(1, Tapes.usable("g1", 0));
    learner.read(2, Tapes.usable("g2", 0));
    learner.read(3, Tapes.usable("g3", 0));
    assertThat(run.journal.ledger)
        .extracting(LedgerEntry::getOutcome)
        .containsExactly(
            UpdateOutcome.INITIAL, UpdateOutcome.SKIPPED_NON_FINITE, UpdateOutcome.UPDATED);
    assertThat(run.journal.ledger.get(1).getWeightsSha256())
        .isEqualTo(run.journal.ledger.get(0).getWeightsSha256());
    assertThat(run.journal.policies).extracting(Policy::getVersion).containsExactly(0L, 0L, 1L);

    learner.read(4, Tapes.usable("nan1", 1));
    learner.read(5, Tapes.usable("nan2", 1));
    learner.read(6, Tapes.usable("nan3", 1));
    assertThatThrownBy(() -> learner.read(7, Tapes.usable("nan4", 1)))
        .isInstanceOf(RunHaltedException.class)
        .hasMessageContaining("2 updates in a row");
  }

  @Test
  void anOlderLearnerStopsWhenANewerOneHasTakenOver() throws Exception {
    Learner older = run.begin(FailurePoint.NONE);
    LearnerCheckpoint checkpoint = older.checkpoint(1);
    Learner newer = run.resume(checkpoint, new CountingTrainer(), FailurePoint.NONE);
    assertThatThrownBy(() -> LearnerRun.read(older, Tapes.usable(2), 0))
        .isInstanceOf(LearnerFencedException.class)
        .hasMessageContaining("another learner has taken the run over");
    LearnerRun.read(newer, Tapes.usable(2), 0);
    assertThat(run.journal.ledger).hasSize(2);
  }

  @Test
  void statesAndPoliciesGoOnlyAfterCompletedCheckpointsAndKeptStepsStay() throws Exception {
    Trainer trainer = new CountingTrainer();
    Learner learner =
        Learner.begin(LearnerRun.settings(4, 2), run.around(trainer, FailurePoint.NONE), false);
    List<Group> tape = Tapes.usable(20);
    List<LearnerCheckpoint> checkpoints = new ArrayList<>();
    for (int offset = 0; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
      if (offset % 2 == 1) {
        checkpoints.add(learner.checkpoint(offset));
      }
    }
    for (LearnerCheckpoint checkpoint : checkpoints) {
      run.store.restoreState(new CountingTrainer(), checkpoint.trainerState());
    }
    learner.checkpointCompleted(15);
    learner.checkpointCompleted(17);
    learner.checkpointCompleted(19);
    for (int i = 0; i < checkpoints.size(); i++) {
      LearnerCheckpoint checkpoint = checkpoints.get(i);
      boolean stays = i >= 9 || (i + 1) % 4 == 0;
      if (stays) {
        run.store.restoreState(new CountingTrainer(), checkpoint.trainerState());
      } else {
        assertThatThrownBy(
                () -> run.store.restoreState(new CountingTrainer(), checkpoint.trainerState()))
            .isInstanceOf(UnverifiablePolicyException.class);
      }
    }
    List<Long> there = new ArrayList<>();
    for (LedgerEntry entry : run.journal.ledger) {
      if (Files.exists(Path.of(java.net.URI.create(entry.getPolicyUri())))) {
        there.add(entry.getVersionOut());
      }
    }
    assertThat(there).containsExactly(0L, 4L, 8L, 9L, 10L);
    assertThat(run.journal.ledger.get(4).getTrainerStateUri()).isNotNull();
    assertThat(run.journal.ledger.get(5).getTrainerStateUri()).isNull();
  }

  @Test
  void aDamagedTrainerStateIsRefused() throws Exception {
    Learner learner = run.begin(FailurePoint.NONE);
    LearnerCheckpoint checkpoint = learner.checkpoint(1);
    Path blob = Path.of(java.net.URI.create(checkpoint.trainerState().uri()));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[3] ^= 1;
    Files.write(blob, bytes);
    assertThatThrownBy(
            () -> run.store.restoreState(new CountingTrainer(), checkpoint.trainerState()))
        .isInstanceOf(UnverifiablePolicyException.class);
  }
}
