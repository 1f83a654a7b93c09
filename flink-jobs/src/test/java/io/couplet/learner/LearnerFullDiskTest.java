package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.ledger.Ledger;
import io.couplet.policy.LocalObjectStore;
import io.couplet.policy.ObjectStore;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import io.couplet.schemas.Group;
import io.couplet.schemas.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner whose store has no room left. */
class LearnerFullDiskTest {
  private static final int GROUPS = 16;

  /** Objects that still find room; static, for Flink serializes what the operator is made of. */
  private static long room;

  private static Path root;
  private static InMemoryJournal journal;

  @TempDir Path directory;

  @BeforeEach
  void begin() {
    root = directory;
    journal = new InMemoryJournal();
    room = Long.MAX_VALUE;
  }

  private static LearnerStore store() throws IOException {
    return new LearnerStore(
        new FillingStore(new LocalObjectStore(root.resolve("store"))), root.resolve("scratch"));
  }

  private static Learner.Surroundings around(Trainer trainer) throws IOException {
    return new Learner.Surroundings(
        trainer, store(), journal.open(), FailurePoint.NONE, new LearnerGauges());
  }

  @Test
  void wheneverTheDiskFillsUpNoHalfPolicyIsSeenAndTheRunGoesOnToTheSameBits() throws Exception {
    List<Group> tape = Tapes.usable(GROUPS);
    Learner undisturbed =
        Learner.begin(LearnerRun.settings(), around(new CountingTrainer()), false);
    for (int offset = 0; offset < tape.size(); offset++) {
      undisturbed.read(offset, tape.get(offset));
    }
    List<String> expected = journal.hashes();

    // Version 0 and each update: weights, config.json and manifest; the checkpoint: one blob.
    for (int objects = 4; objects < 16; objects++) {
      root = directory.resolve("full-after-" + objects);
      journal = new InMemoryJournal();
      room = objects;
      Learner learner = Learner.begin(LearnerRun.settings(), around(new CountingTrainer()), false);
      LearnerCheckpoint checkpoint = learner.checkpoint(1);
      assertThatThrownBy(
              () -> {
                for (int offset = 0; offset < tape.size(); offset++) {
                  learner.read(offset, tape.get(offset));
                }
              })
          .as("with room for %s objects", objects)
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining("the disk is full (")
          .hasMessageContaining("Make room");
      assertEverythingThatIsKnownIsWhole();

      room = Long.MAX_VALUE;
      Trainer trainer = new CountingTrainer();
      store().restoreState(trainer, checkpoint.trainerState());
      Learner again = Learner.resume(LearnerRun.settings(), around(trainer), checkpoint);
      for (int offset = 0; offset < tape.size(); offset++) {
        again.read(offset, tape.get(offset));
      }
      assertThat(journal.hashes()).isEqualTo(expected);
      assertEverythingThatIsKnownIsWhole();
    }
  }

  private static void assertEverythingThatIsKnownIsWhole() throws IOException {
    PolicyStore policies = PolicyStore.local(root.resolve("store"));
    for (String address : policies.policies()) {
      policies.fetch(
          new PolicyReference(
              0, root.resolve("store/policies").resolve(address).toUri().toString(), address));
    }
    assertThat(journal.policies).isNotEmpty();
    for (Policy announced : journal.policies) {
      policies.fetch(
          new PolicyReference(announced.getVersion(), announced.getUri(), announced.getSha256()));
    }
  }

  @Test
  void aSnapshotThatFindsTheDiskFullIsTriedAgain() throws Exception {
    Learner learner = Learner.begin(LearnerRun.settings(), around(new CountingTrainer()), false);
    room = 0;
    assertThatThrownBy(() -> learner.checkpoint(1))
        .isInstanceOf(DiskFullException.class)
        .hasMessageContaining("The trainer's state");
    room = Long.MAX_VALUE;
    LearnerCheckpoint checkpoint = learner.checkpoint(2);
    store().restoreState(new CountingTrainer(), checkpoint.trainerState());
  }

  @Test
  void aFullDiskStopsTheJobForGoodWithASentence() throws Exception {
    LearnerOperator.Factory factory =
        new LearnerOperator.Factory(
            LearnerRun.settings(), new Opening(), afterStep -> journal.open(), FailurePoint.NONE);
    OneInputStreamOperatorTestHarness<Tuple2<Long, Group>, Void> harness =
        new OneInputStreamOperatorTestHarness<>(factory, 1, 1, 0);
    try {
      harness.open();
      List<Group> tape = Tapes.usable(GROUPS);
      harness.processElement(Tuple2.of(0L, tape.get(0)), 0);
      room = 1;
      harness.processElement(Tuple2.of(1L, tape.get(1)), 0);
      assertThatThrownBy(() -> harness.getTaskMailbox().take(0).run())
          .isInstanceOf(SuppressRestartsException.class)
          .cause()
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining("Policy version 1 could not be written");
    } finally {
      // What a task does that has failed; the harness would finish it first.
      harness.getOneInputOperator().close();
    }
    assertThat(journal.policies).extracting(Policy::getVersion).containsOnly(0L);
  }

  /** Static, for Flink serializes it. */
  private static final class Opening implements LearnerOperator.LearnerOpening {
    private static final long serialVersionUID = 1L;

    @Override
    public LearnerStore store() throws IOException {
      return LearnerFullDiskTest.store();
    }

    @Override
    public Trainer trainer() {
      return new CountingTrainer();
    }

    @Override
    public boolean forked() {
      return false;
    }

    @Override
    public Ledger ledger() {
      return Ledger.of(journal.ledger);
    }

    @Override
    public Tape tape() {
      throw new AssertionError("Nothing has to be computed again");
    }
  }

  /** A store that takes as many objects as there is room for; the rest says what Linux says. */
  private record FillingStore(ObjectStore objects) implements ObjectStore {
    @Override
    public void put(String name, Path content) throws IOException {
      if (room <= 0) {
        throw new FileSystemException(name, null, "No space left on device");
      }
      room--;
      objects.put(name, content);
    }

    @Override
    public InputStream open(String name) throws IOException {
      return objects.open(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
      return objects.exists(name);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
      return objects.list(prefix);
    }

    @Override
    public void delete(String name) throws IOException {
      objects.delete(name);
    }

    @Override
    public String uri(String name) {
      return objects.uri(name);
    }

    @Override
    public Optional<String> nameOf(String uri) {
      return objects.nameOf(uri);
    }

    @Override
    public Optional<Path> localPath(String name) {
      return objects.localPath(name);
    }
  }
}
