package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.ledger.Ledger;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.broker.EmbeddedBroker;
import io.couplet.local.process.FreePorts;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Topic;
import io.couplet.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More groups left out between two updates than one ledger record has room for. */
@Timeout(300)
class ManyDropsIT {
  private static final int STALE = 60_000;
  private static final long FIRST_STALE = 2;

  @TempDir private Path directory;

  @Test
  void everyGroupThatWasLeftOutIsInTheLedgerAndAReplayLeavesOutTheSame() throws Exception {
    BrokerSettings settings =
        new BrokerSettings(directory.resolve("kafka"), FreePorts.any(), FreePorts.any(), Map.of());
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
      TinyRun run =
          TinyRun.on(settings.bootstrapServers(), directory, "admission.max_versions_behind=0");
      run.write(tape());

      Credits credits = new Credits(new KafkaJournal(run.connection(), run.topics(), -1));
      LearnerCheckpoint beforeTheUpdate;
      try (Session session = Session.begin(run, directory, credits)) {
        session.read(0, FIRST_STALE + STALE);
        beforeTheUpdate = session.learner.checkpoint(1);
        session.read(FIRST_STALE + STALE, Long.MAX_VALUE);
      }
      assertThat(credits.paid).isEqualTo(STALE);

      Ledger ledger = run.wholeLedger();
      assertThat(ledger.lastStep()).isEqualTo(3);
      LedgerEntry update = ledger.entry(2);
      assertThatThrownBy(() -> RecordCodec.of(Topic.LEDGER).encode(update))
          .as("one record would not do")
          .hasMessageContaining("the topic takes at most");
      assertThat(update.getDrops())
          .extracting(LedgerDrop::getOffset)
          .hasSize(STALE)
          .startsWith(FIRST_STALE)
          .isSorted();
      for (int i : List.of(0, STALE / 3, STALE / 2, STALE - 1)) {
        var why = ledger.dropOf(stale(i)).orElseThrow();
        assertThat(why.getKey()).isEqualTo("STALE");
        assertThat(why.getValue().getStep()).isEqualTo(2);
      }
      assertThat(ledger.entry(3).getConsumedGroups()).isEqualTo(STALE + 6);
      assertThat(run.replay(ledger, 0, 3).verified()).isTrue();

      aLearnerThatComesBackRecognisesTheUpdate(run, beforeTheUpdate);
      assertThat(run.wholeLedger()).isEqualTo(ledger);
    }
  }

  private void aLearnerThatComesBackRecognisesTheUpdate(TinyRun run, LearnerCheckpoint checkpoint)
      throws IOException {
    KafkaJournal journal =
        new KafkaJournal(run.connection(), run.topics(), checkpoint.position().step());
    LearnerCheckpoint stored =
        LearnerStateCodec.decode(
            LearnerStateCodec.encode(TinyRun.NAME, checkpoint),
            checkpoint.position().pending().stream().map(TapeGroup::group).toList());
    try (Session session = Session.resume(run, directory, new Credits(journal), stored)) {
      session.read(stored.position().nextOffset(), Long.MAX_VALUE);
      assertThat(session.gauges.recognisedUpdates()).isEqualTo(2);
    }
  }

  /** An update, many groups of the version before it, two more updates. */
  private static List<Group> tape() {
    List<Group> groups = new ArrayList<>();
    groups.add(TinyRun.group("a0", 0, 0.5f));
    groups.add(TinyRun.group("b0", 0, -0.25f));
    for (int i = 0; i < STALE; i++) {
      groups.add(TinyRun.group(stale(i), 0, 0.5f));
    }
    for (int version = 1; version <= 2; version++) {
      groups.add(TinyRun.group("a" + version, version, 0.5f));
      groups.add(TinyRun.group("b" + version, version, -0.25f));
    }
    return groups;
  }

  private static String stale(int number) {
    return "problems/with/ids/of/some/length/%05d@0".formatted(number);
  }

  /** A learner on the run's own topics, without a job around it. */
  private record Session(
      TinyRun run,
      Trainer trainer,
      LearnerStore store,
      LearnerJournal journal,
      LearnerGauges gauges,
      Learner learner)
      implements AutoCloseable {
    static Session begin(TinyRun run, Path directory, LearnerJournal journal) throws IOException {
      return open(run, directory, journal, Optional.empty());
    }

    static Session resume(
        TinyRun run, Path directory, LearnerJournal journal, LearnerCheckpoint checkpoint)
        throws IOException {
      return open(run, directory, journal, Optional.of(checkpoint));
    }

    private static Session open(
        TinyRun run, Path directory, LearnerJournal journal, Optional<LearnerCheckpoint> checkpoint)
        throws IOException {
      Trainer trainer = PolicyTrainer.open(run.config(), Path.of(run.config().policy().initial()));
      LearnerStore store =
          new LearnerStore(
              ObjectStores.open(run.config().policy().store()), directory.resolve("learner"));
      LearnerGauges gauges = new LearnerGauges();
      Learner.Surroundings around =
          new Learner.Surroundings(trainer, store, journal, FailurePoint.NONE, gauges);
      LearnerSettings settings = LearnerSettings.of(run.config());
      if (checkpoint.isPresent()) {
        store.restoreState(trainer, checkpoint.get().trainerState());
      }
      Learner learner =
          checkpoint.isPresent()
              ? Learner.resume(settings, around, checkpoint.get())
              : Learner.begin(settings, around, false);
      return new Session(run, trainer, store, journal, gauges, learner);
    }

    void read(long from, long to) throws IOException {
      try (Tape tape = Tape.of(run.connection(), run.topics())) {
        tape.read(
            from,
            Math.min(to, tape.end()),
            record -> learner.read(record.offset(), record.group()));
      }
    }

    @Override
    public void close() throws IOException {
      journal.close();
      trainer.close();
      store.close();
    }
  }

  /** Counts credits instead of sending them: each is a transaction, and there are very many. */
  private static final class Credits implements LearnerJournal {
    private final KafkaJournal journal;
    private long paid;

    Credits(KafkaJournal journal) {
      this.journal = journal;
    }

    @Override
    public void credit(Policy policy) {
      paid++;
    }

    @Override
    public long fence() {
      return journal.fence();
    }

    @Override
    public Optional<String> weightsInLedger(long step) {
      return journal.weightsInLedger(step);
    }

    @Override
    public void announce(Policy policy, LedgerEntry entry) throws IOException {
      journal.announce(policy, entry);
    }

    @Override
    public void halt(LedgerEntry entry) throws IOException {
      journal.halt(entry);
    }

    @Override
    public void close() {
      journal.close();
    }
  }
}
