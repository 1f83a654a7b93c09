package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.ledger.Ledger;
import io.couplet.policy.BlobReference;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer state that is damaged or gone, computed again from an older one and the tape. */
class TrainerRecoveryTest {
  @TempDir Path directory;
  private LearnerRun run;

  @BeforeEach
  void openRun() throws IOException {
    run = new LearnerRun(directory);
  }

  private TrainerRecovery recovery(List<Group> tape, long begin) {
    return new TrainerRecovery(
        LearnerRun.settings(),
        run.store,
        new TrainerRecovery.RecordedTape() {
          @Override
          public Ledger ledger() {
            return Ledger.of(run.journal.ledger);
          }

          @Override
          public Tape tape() {
            return new ListTape(tape, begin, Set.of());
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
    Learner learner = run.begin(FailurePoint.NONE);
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
        Learner.resume(LearnerRun.settings(), run.around(trainer, FailurePoint.NONE), checkpoint);
    LearnerRun.read(learner, tape, checkpoint.position().nextOffset());
    return run.journal.hashes();
  }

  private List<String> undisturbed(List<Group> tape) throws IOException {
    LearnerRun.read(run.begin(FailurePoint.NONE), tape, 0);
    List<String> hashes = run.journal.hashes();
    run.journal.ledger.clear();
    return hashes;
  }

  @Test
  void aDamagedStateIsComputedAgainFromAnOlderOneAndTheRunGoesOnToTheSameBits() throws Exception {
    List<Group> tape = Tapes.mixed(40);
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
    run.store.restoreState(new CountingTrainer(), recovered.checkpoint().trainerState());
    run.store.restoreState(new CountingTrainer(), checkpoint.trainerState());
  }

  @Test
  void withoutAnyIntactStateTheRunIsComputedAgainFromTheInitialPolicy() throws Exception {
    List<Group> tape = Tapes.mixed(40);
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
    LearnerCheckpoint checkpoint = half(Tapes.mixed(40));
    TrainerRecovery.Recovered recovered =
        recovery(List.of(), 0).restore(new CountingTrainer(), checkpoint);
    assertThat(recovered.rebuilt()).isFalse();
    assertThat(recovered.checkpoint()).isEqualTo(checkpoint);
  }

  @Test
  void aStateThatCannotBeComputedAgainIsNeverInvented() throws Exception {
    List<Group> tape = Tapes.mixed(40);
    LearnerCheckpoint checkpoint = half(tape);
    damage(checkpoint.trainerState());
    assertThatThrownBy(() -> recovery(tape, 12).restore(new CountingTrainer(), checkpoint))
        .isInstanceOf(TapeGapException.class)
        .hasMessageContaining("the topic holds 12 to 39");
    assertThatThrownBy(() -> recovery(tape, 0).restore(new CountingTrainer(1e-12), checkpoint))
        .isInstanceOf(RunHaltedException.class)
        .hasMessageContaining("computed again after the trainer state was lost");
  }
}
