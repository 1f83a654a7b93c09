package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.FailurePoint.Point;
import io.couplet.ledger.Ledger;
import io.couplet.policy.BlobReference;
import io.couplet.policy.LocalObjectStore;
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
  private final InMemoryJournal journal = new InMemoryJournal();
  private final LearnerGauges gauges = new LearnerGauges();
  private LearnerStore store;

  @BeforeEach
  void openStore() throws IOException {
    store = new LearnerStore(new LocalObjectStore(directory.resolve("s")), directory.resolve("t"));
  }

  private static LearnerSettings settings(int keepEvery, int recentPolicies) {
    return new LearnerSettings(
        "r", 7, null, Tapes.settings(2, 1), 2, keepEvery, 0, recentPolicies, 1);
  }

  private Learner.Surroundings around(Trainer trainer, FailurePoint failures) {
    return new Learner.Surroundings(trainer, store, journal.open(), failures, gauges);
  }

  private Learner begin(FailurePoint failures) throws IOException {
    return Learner.begin(settings(0, 100), around(new CountingTrainer(), failures), false);
  }

  private Learner resume(LearnerCheckpoint checkpoint, Trainer trainer, FailurePoint failures)
      throws IOException {
    store.restoreState(trainer, checkpoint.trainerState());
    return Learner.resume(settings(0, 100), around(trainer, failures), checkpoint);
  }

  /** Offsets 0, 1, ...; with flat, dropped and repeated groups among the usable ones. */
  private static List<Group> tape(int length) {
    List<Group> tape = new ArrayList<>();
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      // Slower than updates are made, so that some are stale and the others go on making updates.
      long version = Math.max(0, i / 5 - 1);
      switch (random.nextInt(6)) {
        case 0 -> tape.add(Tapes.flat("flat" + i, version));
        case 1 -> tape.add(Tapes.dropped("gone" + i, "DEADLINE:tests"));
        case 2 -> tape.add(i == 0 ? Tapes.usable("g0", 0) : tape.get(i - 1));
        default -> tape.add(Tapes.usable("g" + i, version));
      }
    }
    return tape;
  }

  private static List<Group> usable(int count) {
    List<Group> tape = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tape.add(Tapes.usable("g" + i, Math.max(0, i / 2 - 1)));
    }
    return tape;
  }

  private static void read(Learner learner, List<Group> tape, long from) throws IOException {
    for (int offset = (int) from; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
    }
  }

  @Test
  void aFreshRunAnnouncesAndRecordsVersionZero() throws Exception {
    begin(FailurePoint.NONE);
    assertThat(journal.ledger).hasSize(1);
    LedgerEntry entry = journal.ledger.get(0);
    assertThat(entry.getOutcome()).isEqualTo(UpdateOutcome.INITIAL);
    assertThat(entry.getEnvironment()).containsEntry("threads", "1");
    assertThat(journal.policies.get(0).getSha256()).isEqualTo(entry.getPolicySha256());
    assertThat(Path.of(java.net.URI.create(entry.getPolicyUri())))
        .isDirectoryContaining("glob:**/model.safetensors");
  }

  @Test
  void everyUpdateHasALedgerRecordThatNamesItsGroupsAndDrops() throws Exception {
    Learner learner = begin(FailurePoint.NONE);
    List<Group> tape = new ArrayList<>();
    tape.add(Tapes.flat("flat", 0));
    tape.addAll(usable(4));
    read(learner, tape, 0);
    LedgerEntry first = journal.ledger.get(1);
    assertThat(first.getDrops()).containsExactly(new LedgerDrop("flat", 0L, "ZERO_VARIANCE"));
    assertThat(first.getGroups()).extracting("group").containsExactly("g0", "g1");
    assertThat(first.getZeroVarianceShare()).isEqualTo(1.0 / 3);
    assertThat(first.getVersionOut()).isEqualTo(1);
    LedgerEntry second = journal.ledger.get(2);
    assertThat(second.getParentSha256()).isEqualTo(first.getPolicySha256());
    assertThat(second.getConsumedGroups()).isEqualTo(5);
    assertThat(second.getSeconds())
        .containsKeys("waiting", "learning", "publishing", "sample_to_gradient");
  }

  @Test
  void everyConsumedGroupPaysItsCredit() throws Exception {
    Learner learner = begin(FailurePoint.NONE);
    learner.read(0, Tapes.flat("flat", 0));
    learner.read(1, Tapes.dropped("gone", "x"));
    assertThat(journal.policies).extracting(Policy::getConsumedGroups).containsExactly(0L, 1L, 2L);
    assertThat(journal.policies).extracting(Policy::getVersion).containsOnly(0L);
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void aLearnerKilledAnywhereGivesTheLedgerOfAnUndisturbedOne(Point point) throws Exception {
    List<Group> tape = usable(16);
    InMemoryJournal undisturbed = new InMemoryJournal();
    LearnerStore other =
        new LearnerStore(new LocalObjectStore(directory.resolve("u")), directory.resolve("v"));
    read(
        Learner.begin(
            settings(0, 100),
            new Learner.Surroundings(
                new CountingTrainer(), other, undisturbed.open(), FailurePoint.NONE, gauges),
            false),
        tape,
        0);

    FailurePoint kill =
        (reached, step) -> {
          if (reached == point && step == 3) {
            throw new Killed();
          }
        };
    Learner learner = begin(kill);
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
        learner = resume(last, new CountingTrainer(), FailurePoint.NONE);
        offset = (int) last.position().nextOffset();
      }
    }
    assertThat(killed).isTrue();
    assertThat(journal.hashes()).isEqualTo(undisturbed.hashes());
    assertThat(journal.ledger)
        .extracting(LedgerEntry::getStep)
        .containsExactlyElementsOf(undisturbed.ledger.stream().map(LedgerEntry::getStep).toList());
  }

  @Test
  void randomKillsAndCheckpointsGiveTheLedgerOfAnUndisturbedRun() throws Exception {
    List<Group> tape = tape(80);
    read(begin(FailurePoint.NONE), tape, 0);
    List<String> expected = journal.hashes();
    Map<Point, Integer> kills = new EnumMap<>(Point.class);
    for (int seed = 0; seed < 40; seed++) {
      journal.ledger.clear();
      Random random = new Random(seed);
      FailurePoint kill =
          (reached, step) -> {
            if (step > 0 && random.nextInt(12) == 0) {
              kills.merge(reached, 1, Integer::sum);
              throw new Killed();
            }
          };
      Learner learner = begin(kill);
      LearnerCheckpoint last = null;
      for (int offset = 0; offset < tape.size(); ) {
        try {
          if (last == null || random.nextInt(4) == 0) {
            last = learner.checkpoint(offset);
          }
          learner.read(offset, tape.get(offset));
          offset++;
        } catch (Killed e) {
          learner = resume(last, new CountingTrainer(), kill);
          offset = (int) last.position().nextOffset();
        }
      }
      assertThat(journal.hashes()).isEqualTo(expected);
    }
    assertThat(kills).containsOnlyKeys(Point.values());
    assertThat(kills.values().stream().mapToInt(Integer::intValue).sum())
        .as("kills: %s", kills)
        .isGreaterThanOrEqualTo(200);
  }

  @Test
  void anotherHashForARecordedStepHaltsTheRunAndSaysWhatToDo() throws Exception {
    Learner learner = begin(FailurePoint.NONE);
    LearnerCheckpoint checkpoint = learner.checkpoint(1);
    read(learner, usable(4), 0);
    String recorded = journal.hashes().get(1);
    int announced = journal.policies.size();

    Learner elsewhere = resume(checkpoint, new CountingTrainer(1e-12), FailurePoint.NONE);
    assertThatThrownBy(() -> read(elsewhere, usable(4), 0))
        .isInstanceOf(RunHaltedException.class)
        .hasMessageContaining("halts at step 1")
        .hasMessageContaining(recorded)
        .hasMessageContaining("fork it from step 0");
    assertThat(journal.ledger.get(journal.ledger.size() - 1).getOutcome())
        .isEqualTo(UpdateOutcome.HALTED);
    assertThat(journal.policies.subList(announced, journal.policies.size()))
        .extracting(Policy::getVersion)
        .containsOnly(0L);
  }

  @Test
  void nonFiniteUpdatesAreSkippedAndTooManyInARowHaltTheRun() throws Exception {
    Learner learner = begin(FailurePoint.NONE);
    learner.read(0, Tapes.usable("nan0", 0));
    learner.read(1, Tapes.usable("g1", 0));
    learner.read(2, Tapes.usable("g2", 0));
    learner.read(3, Tapes.usable("g3", 0));
    assertThat(journal.ledger)
        .extracting(LedgerEntry::getOutcome)
        .containsExactly(
            UpdateOutcome.INITIAL, UpdateOutcome.SKIPPED_NON_FINITE, UpdateOutcome.UPDATED);
    assertThat(journal.ledger.get(1).getWeightsSha256())
        .isEqualTo(journal.ledger.get(0).getWeightsSha256());
    assertThat(journal.policies).extracting(Policy::getVersion).containsExactly(0L, 0L, 1L);

    learner.read(4, Tapes.usable("nan1", 1));
    learner.read(5, Tapes.usable("nan2", 1));
    learner.read(6, Tapes.usable("nan3", 1));
    assertThatThrownBy(() -> learner.read(7, Tapes.usable("nan4", 1)))
        .isInstanceOf(RunHaltedException.class)
        .hasMessageContaining("2 updates in a row");
  }

  @Test
  void anOlderLearnerStopsWhenANewerOneHasTakenOver() throws Exception {
    Learner older = begin(FailurePoint.NONE);
    LearnerCheckpoint checkpoint = older.checkpoint(1);
    Learner newer = resume(checkpoint, new CountingTrainer(), FailurePoint.NONE);
    assertThatThrownBy(() -> read(older, usable(2), 0))
        .isInstanceOf(LearnerFencedException.class)
        .hasMessageContaining("another learner has taken the run over");
    read(newer, usable(2), 0);
    assertThat(journal.ledger).hasSize(2);
  }

  @Test
  void statesAndPoliciesGoOnlyAfterCompletedCheckpointsAndKeptStepsStay() throws Exception {
    Trainer trainer = new CountingTrainer();
    Learner learner = Learner.begin(settings(4, 2), around(trainer, FailurePoint.NONE), false);
    List<Group> tape = usable(20);
    List<LearnerCheckpoint> checkpoints = new ArrayList<>();
    for (int offset = 0; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
      if (offset % 2 == 1) {
        checkpoints.add(learner.checkpoint(offset));
      }
    }
    for (LearnerCheckpoint checkpoint : checkpoints) {
      store.restoreState(new CountingTrainer(), checkpoint.trainerState());
    }
    learner.checkpointCompleted(15);
    learner.checkpointCompleted(17);
    learner.checkpointCompleted(19);
    for (int i = 0; i < checkpoints.size(); i++) {
      LearnerCheckpoint checkpoint = checkpoints.get(i);
      boolean stays = i >= 9 || (i + 1) % 4 == 0;
      if (stays) {
        store.restoreState(new CountingTrainer(), checkpoint.trainerState());
      } else {
        assertThatThrownBy(
                () -> store.restoreState(new CountingTrainer(), checkpoint.trainerState()))
            .isInstanceOf(UnverifiablePolicyException.class);
      }
    }
    List<Long> there = new ArrayList<>();
    for (LedgerEntry entry : journal.ledger) {
      if (Files.exists(Path.of(java.net.URI.create(entry.getPolicyUri())))) {
        there.add(entry.getVersionOut());
      }
    }
    assertThat(there).containsExactly(0L, 4L, 8L, 9L, 10L);
    assertThat(journal.ledger.get(4).getTrainerStateUri()).isNotNull();
    assertThat(journal.ledger.get(5).getTrainerStateUri()).isNull();
  }

  private Tape tapeOf(List<Group> groups, long begin) {
    return new Tape() {
      @Override
      public long begin() {
        return begin;
      }

      @Override
      public long end() {
        return groups.size();
      }

      @Override
      public void read(long from, long to, Reader use) throws IOException {
        for (long offset = from; offset < to; offset++) {
          use.read(new TapeGroup(offset, groups.get((int) offset)));
        }
      }

      @Override
      public void close() {}
    };
  }

  private TrainerRecovery recovery(List<Group> tape, long begin) {
    return new TrainerRecovery(
        settings(0, 100),
        store,
        new TrainerRecovery.RecordedTape() {
          @Override
          public Ledger ledger() {
            return Ledger.of(journal.ledger);
          }

          @Override
          public Tape tape() {
            return tapeOf(tape, begin);
          }
        });
  }

  private static void damage(BlobReference state) throws IOException {
    Path blob = Path.of(java.net.URI.create(state.uri()));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
  }

  /** A learner that has read half of the tape, with a checkpoint after offsets 3, 7 and 11. */
  private LearnerCheckpoint half(List<Group> tape) throws IOException {
    Learner learner = begin(FailurePoint.NONE);
    LearnerCheckpoint last = null;
    for (int offset = 0; offset < 13; offset++) {
      learner.read(offset, tape.get(offset));
      if (offset % 4 == 3) {
        last = learner.checkpoint(offset);
      }
    }
    return last;
  }

  private List<String> hashesGoingOnFrom(
      LearnerCheckpoint checkpoint, Trainer trainer, List<Group> tape) throws IOException {
    Learner learner =
        Learner.resume(settings(0, 100), around(trainer, FailurePoint.NONE), checkpoint);
    read(learner, tape, checkpoint.position().nextOffset());
    return journal.hashes();
  }

  private List<String> undisturbed(List<Group> tape) throws IOException {
    read(begin(FailurePoint.NONE), tape, 0);
    List<String> hashes = journal.hashes();
    journal.ledger.clear();
    return hashes;
  }

  @Test
  void aDamagedStateIsComputedAgainFromAnOlderOneAndTheRunGoesOnToTheSameBits() throws Exception {
    List<Group> tape = tape(40);
    List<String> expected = undisturbed(tape);
    LearnerCheckpoint checkpoint = half(tape);
    damage(checkpoint.trainerState());

    Trainer trainer = new CountingTrainer();
    TrainerRecovery.Recovered recovered = recovery(tape, 0).restore(trainer, checkpoint);

    assertThat(recovered.rebuilt()).isTrue();
    assertThat(recovered.recomputed()).isPositive();
    assertThat(trainer.weightsSha256()).isEqualTo(checkpoint.weightsSha256());
    assertThat(hashesGoingOnFrom(recovered.checkpoint(), trainer, tape)).isEqualTo(expected);
    // The store is whole again.
    store.restoreState(new CountingTrainer(), recovered.checkpoint().trainerState());
    store.restoreState(new CountingTrainer(), checkpoint.trainerState());
  }

  @Test
  void withoutAnyIntactStateTheRunIsComputedAgainFromTheInitialPolicy() throws Exception {
    List<Group> tape = tape(40);
    List<String> expected = undisturbed(tape);
    LearnerCheckpoint checkpoint = half(tape);
    for (LearnerCheckpoint.SavedState saved : checkpoint.blobs()) {
      Files.deleteIfExists(Path.of(java.net.URI.create(saved.state().uri())));
    }

    Trainer trainer = new CountingTrainer();
    TrainerRecovery.Recovered recovered = recovery(tape, 0).restore(trainer, checkpoint);

    assertThat(recovered.recomputed()).isEqualTo(checkpoint.position().step());
    assertThat(hashesGoingOnFrom(recovered.checkpoint(), trainer, tape)).isEqualTo(expected);
  }

  @Test
  void anIntactStateIsTakenAsItIs() throws Exception {
    LearnerCheckpoint checkpoint = half(tape(40));
    TrainerRecovery.Recovered recovered =
        recovery(List.of(), 0).restore(new CountingTrainer(), checkpoint);
    assertThat(recovered.rebuilt()).isFalse();
    assertThat(recovered.checkpoint()).isEqualTo(checkpoint);
  }

  @Test
  void aStateThatCannotBeComputedAgainIsNeverInvented() throws Exception {
    List<Group> tape = tape(40);
    LearnerCheckpoint checkpoint = half(tape);
    damage(checkpoint.trainerState());
    assertThatThrownBy(() -> recovery(tape, 12).restore(new CountingTrainer(), checkpoint))
        .isInstanceOf(TapeGapException.class)
        .hasMessageContaining("the topic holds 12 to 39");
    assertThatThrownBy(() -> recovery(tape, 0).restore(new CountingTrainer(1e-12), checkpoint))
        .isInstanceOf(RunHaltedException.class)
        .hasMessageContaining("computed again after the trainer state was lost");
  }

  @Test
  void aDamagedTrainerStateIsRefused() throws Exception {
    Learner learner = begin(FailurePoint.NONE);
    LearnerCheckpoint checkpoint = learner.checkpoint(1);
    Path blob = Path.of(java.net.URI.create(checkpoint.trainerState().uri()));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[3] ^= 1;
    Files.write(blob, bytes);
    assertThatThrownBy(() -> store.restoreState(new CountingTrainer(), checkpoint.trainerState()))
        .isInstanceOf(UnverifiablePolicyException.class);
  }
}
