package io.couplet.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.CountingTrainer;
import io.couplet.learner.FailurePoint;
import io.couplet.learner.InMemoryJournal;
import io.couplet.learner.Learner;
import io.couplet.learner.LearnerGauges;
import io.couplet.learner.LearnerSettings;
import io.couplet.learner.LearnerStore;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.TapeSettings;
import io.couplet.learner.Tapes;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.policy.LocalObjectStore;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replay as a Flink operator: what finishes the job and what fails it for good. */
class ReplayOperatorTest {
  private static final TapeSettings TAPE = Tapes.settings(2, 1);
  private static final int STEPS = 6;

  @TempDir static Path directory;
  private static final InMemoryJournal JOURNAL = new InMemoryJournal();
  private static double drift;
  private final List<Group> tape = new ArrayList<>();

  @BeforeEach
  void run() throws IOException {
    JOURNAL.ledger.clear();
    drift = 0;
    Learner learner =
        Learner.begin(
            new LearnerSettings("r", 7, null, TAPE, 2, 3, 0, 100, 1),
            new Learner.Surroundings(
                new CountingTrainer(),
                store(directory.resolve("scratch")),
                JOURNAL.open(),
                FailurePoint.NONE,
                new LearnerGauges()),
            false);
    for (int step = 0; step < STEPS; step++) {
      tape.add(Tapes.usable("a" + step, Math.max(0, step - 1)));
      tape.add(Tapes.usable("b" + step, Math.max(0, step - 1)));
    }
    for (int offset = 0; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
    }
  }

  private static LearnerStore store(Path scratch) {
    try {
      return new LearnerStore(new LocalObjectStore(directory.resolve("store")), scratch);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Static, for Flink serializes it. */
  private static final class Opening implements ReplayOperator.ReplayOpening {
    private static final long serialVersionUID = 1L;

    @Override
    public Ledger ledger() {
      return Ledger.of(JOURNAL.ledger);
    }

    @Override
    public LearnerStore store(Path scratch) {
      return ReplayOperatorTest.store(scratch);
    }

    @Override
    public Trainer trainer(Path policy) {
      return new CountingTrainer(drift);
    }
  }

  private List<String> replay(long base, long from, long to, List<Group> read) throws Exception {
    ReplayOperator operator =
        new ReplayOperator(new Opening(), new ReplaySettings(TAPE, 7), base, from, to);
    try (OneInputStreamOperatorTestHarness<Tuple2<Long, Group>, String> harness =
        new OneInputStreamOperatorTestHarness<>(operator)) {
      harness.open();
      for (int offset = (int) base * 2; offset < read.size(); offset++) {
        harness.processElement(Tuple2.of((long) offset, read.get(offset)), 0);
      }
      harness.endInput();
      return harness.extractOutputValues();
    }
  }

  @Test
  void aVerifiedReplayFinishesWithItsReport() throws Exception {
    assertThat(replay(0, 0, STEPS, tape))
        .singleElement()
        .asString()
        .contains("\"verified\":true", "\"compared\":7");
    assertThat(replay(3, 4, STEPS, tape))
        .singleElement()
        .asString()
        .contains("\"verified\":true", "\"base\":3", "\"compared\":3");
  }

  @Test
  void aDivergenceFailsTheJobForGood() {
    drift = 1e-12;
    assertThatThrownBy(() -> replay(0, 0, STEPS, tape))
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseInstanceOf(DivergedException.class)
        .rootCause()
        .hasMessageContaining("Step 1 differs in its weights");
  }

  @Test
  void aTapeThatEndsTooSoonFailsTheJobForGood() {
    assertThatThrownBy(() -> replay(0, 0, STEPS, tape.subList(0, 9)))
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseInstanceOf(TapeGapException.class);
  }

  @Test
  void aDamagedStateFailsTheJobForGoodAndSaysWhereToStart() throws Exception {
    Path blob =
        Path.of(java.net.URI.create(Ledger.of(JOURNAL.ledger).entry(3).getTrainerStateUri()));
    byte[] whole = Files.readAllBytes(blob);
    Files.write(blob, new byte[] {1, 2, 3});
    try {
      assertThatThrownBy(() -> replay(3, 4, STEPS, tape))
          .isInstanceOf(SuppressRestartsException.class)
          .cause()
          .isInstanceOf(UnverifiablePolicyException.class)
          .hasMessageContaining("Replay from a step before 4");
    } finally {
      Files.write(blob, whole);
    }
  }
}
