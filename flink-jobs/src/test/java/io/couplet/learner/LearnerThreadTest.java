package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.policy.LocalObjectStore;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LearnerThreadTest {
  private static final TapeSettings TAPE = Tapes.settings(2, 1);

  @TempDir Path directory;
  private final InMemoryJournal journal = new InMemoryJournal();
  private final List<Throwable> failures = new ArrayList<>();

  /** An update that lasts until it is let go. */
  private static final class HeldUpdate implements FailurePoint {
    private static final long serialVersionUID = 1L;
    private final transient CountDownLatch begun = new CountDownLatch(1);
    private final transient CountDownLatch end = new CountDownLatch(1);

    @Override
    public void reached(Point point, long step) {
      if (point == Point.BEFORE_OPTIMIZER_STEP && step == 1) {
        begun.countDown();
        try {
          end.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static LearnerSettings settings() {
    return new LearnerSettings("r", 7, null, TAPE, 2, 0, 0, 100, 1);
  }

  private Learner begin(InMemoryJournal to, String name, FailurePoint point) throws IOException {
    LearnerStore store =
        new LearnerStore(
            new LocalObjectStore(directory.resolve(name)), directory.resolve(name + "-scratch"));
    return Learner.begin(
        settings(),
        new Learner.Surroundings(
            new CountingTrainer(), store, to.open(), point, new LearnerGauges()),
        false);
  }

  private LearnerThread started(int capacity, FailurePoint point) throws Exception {
    Consumer<Throwable> failed = failures::add;
    LearnerThread thread = new LearnerThread(capacity, failed);
    thread.open(TAPE, () -> begin(journal, "store", point));
    return thread;
  }

  private List<Long> credits() {
    return journal.policies.stream().map(Policy::getConsumedGroups).toList();
  }

  @Test
  void groupsThatWillBeSkippedAreCreditedWhileAnUpdateIsComputed() throws Exception {
    HeldUpdate update = new HeldUpdate();
    try (LearnerThread thread = started(16, update)) {
      thread.read(0, Tapes.usable("a", 0));
      thread.read(1, Tapes.usable("b", 0));
      update.begun.await();
      thread.read(2, Tapes.flat("flat", 0));
      thread.read(3, Tapes.dropped("gone", "DEADLINE:tests"));
      thread.read(4, Tapes.flat("flat", 0));
      thread.read(5, Tapes.flat("b", 0));
      thread.read(6, Tapes.usable("c", 0));
      assertThat(credits()).containsExactly(0L, 1L, 2L);
      assertThat(journal.policies).extracting(Policy::getVersion).containsOnly(0L);
      update.end.countDown();
      thread.call(learner -> null);
      assertThat(credits()).containsExactly(0L, 1L, 2L, 4L);
      assertThat(journal.policies.get(3).getVersion()).isEqualTo(1);
      assertThat(thread.<TapePosition>call(Learner::position).consumedGroups()).isEqualTo(4);
    }
  }

  /** Offsets 0, 1, ...; with flat, dropped, stale and repeated groups among the usable ones. */
  private static List<Group> tape(Random random, int length) {
    List<Group> tape = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      long version = Math.max(0, i / 5 - random.nextInt(3));
      String id = "g" + (random.nextInt(5) == 0 ? random.nextInt(i + 1) : i);
      tape.add(
          switch (random.nextInt(6)) {
            case 0 -> Tapes.flat(id, version);
            case 1 -> Tapes.dropped(id, "DEADLINE:tests");
            default -> Tapes.usable(id, version);
          });
    }
    return tape;
  }

  @Test
  void theLedgerIsThatOfALearnerThatReadsNothingAheadAndCreditsNeverFall() throws Exception {
    List<Group> tape = tape(new Random(5), 300);
    InMemoryJournal plain = new InMemoryJournal();
    Learner learner = begin(plain, "plain", FailurePoint.NONE);
    for (int offset = 0; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
    }
    try (LearnerThread thread = started(8, FailurePoint.NONE)) {
      for (int offset = 0; offset < tape.size(); offset++) {
        thread.read(offset, tape.get(offset));
      }
      assertThat(thread.<TapePosition>call(Learner::position)).isEqualTo(learner.position());
    }
    assertThat(journal.hashes()).isEqualTo(plain.hashes()).hasSizeGreaterThan(20);
    assertThat(journal.ledger)
        .extracting(LedgerEntry::getConsumedGroups, LedgerEntry::getDrops, LedgerEntry::getGroups)
        .isEqualTo(
            plain.ledger.stream()
                .map(
                    e ->
                        org.assertj.core.groups.Tuple.tuple(
                            e.getConsumedGroups(), e.getDrops(), e.getGroups()))
                .toList());
    assertThat(credits()).isSorted();
    assertThat(credits().get(credits().size() - 1)).isEqualTo(learner.position().consumedGroups());
  }

  @Test
  void readingWaitsWhenTooManyRecordsWaitToBeLearntFrom() throws Exception {
    HeldUpdate update = new HeldUpdate();
    try (LearnerThread thread = started(3, update)) {
      AtomicReference<Throwable> reading = new AtomicReference<>();
      Thread reader =
          new Thread(
              () -> {
                try {
                  for (int offset = 0; offset < 8; offset++) {
                    thread.read(offset, Tapes.usable("g" + offset, Math.max(0, offset / 2 - 1)));
                  }
                } catch (Exception e) {
                  reading.set(e);
                }
              });
      reader.start();
      update.begun.await();
      reader.join(300);
      assertThat(reader.isAlive()).isTrue();
      update.end.countDown();
      reader.join();
      assertThat(reading).hasNullValue();
      assertThat(thread.<TapePosition>call(Learner::position).step()).isEqualTo(4);
    }
  }

  @Test
  void afterAFailureNothingMoreIsDoneAndEveryCallSaysWhy() throws Exception {
    try (LearnerThread thread =
        started(
            8,
            (point, step) -> {
              if (point == FailurePoint.Point.AFTER_BLOB && step == 1) {
                throw new IllegalStateException("no more");
              }
            })) {
      for (int offset = 0; offset < 2; offset++) {
        thread.read(offset, Tapes.usable("g" + offset, 0));
      }
      assertThatThrownBy(() -> thread.call(learner -> null)).hasMessage("no more");
      assertThatThrownBy(() -> thread.read(2, Tapes.usable("g2", 0))).hasMessage("no more");
      assertThatThrownBy(() -> thread.later(learner -> null)).hasMessage("no more");
      assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("no more"));
      assertThat(journal.ledger).hasSize(1);
    }
  }

  @Test
  void whatACallThrowsIsItsCallersMatterAlone() throws Exception {
    try (LearnerThread thread = started(8, FailurePoint.NONE)) {
      assertThatThrownBy(
              () ->
                  thread.call(
                      learner -> {
                        throw new IOException("disk full");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("disk full");
      thread.read(0, Tapes.usable("a", 0));
      thread.read(1, Tapes.usable("b", 0));
      assertThat(thread.<TapePosition>call(Learner::position).step()).isEqualTo(1);
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void closingReturnsWhenTheUpdateUnderWayHasLetGo() throws Exception {
    HeldUpdate update = new HeldUpdate();
    LearnerThread thread = started(8, update);
    thread.read(0, Tapes.usable("a", 0));
    thread.read(1, Tapes.usable("b", 0));
    thread.read(2, Tapes.usable("c", 0));
    update.begun.await();
    thread.close();
    assertThat(failures)
        .singleElement()
        .satisfies(e -> assertThat(e).hasRootCauseInstanceOf(InterruptedException.class));
    assertThat(journal.ledger).hasSize(1);
  }
}
