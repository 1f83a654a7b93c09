package io.couplet.local.run;

import io.couplet.config.RunConfig;
import io.couplet.learner.LearnerStore;
import io.couplet.learner.PolicyTrainer;
import io.couplet.learner.Tape;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.topics.RunConnection;
import io.couplet.replay.Replay;
import io.couplet.replay.ReplaySettings;
import io.couplet.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** A run's ledger, tape and blobs, opened for replay. */
public final class RecordedRun implements AutoCloseable {
  private final Ledger ledger;
  private final Tape tape;
  private final Replay replay;

  /** Reads the ledger and opens the tape. */
  public RecordedRun(RunConnection run) throws IOException {
    this(run, step -> {});
  }

  /**
   * @param progress is told each step that a replay has computed
   */
  public RecordedRun(RunConnection run, LongConsumer progress) throws IOException {
    RunConfig config = live(run);
    ledger = LedgerReader.read(run.kafka(), run.topics());
    tape = Tape.of(run.kafka(), run.topics());
    Path scratch = Files.createDirectories(run.directory().scratch().resolve("replay"));
    replay =
        new Replay(
            ledger,
            tape,
            new LearnerStore(ObjectStores.open(config.policy().store()), scratch),
            ReplaySettings.of(config),
            policy -> PolicyTrainer.open(config, policy),
            scratch.resolve("check"),
            progress);
  }

  /** The run's configuration with the broker and the policy store that it has now. */
  static RunConfig live(RunConnection run) {
    return RunConfiguration.live(
        run.config(), run.kafka().bootstrapServers(), List.of(), run.directory().policies());
  }

  public Ledger ledger() {
    return ledger;
  }

  public Replay replay() {
    return replay;
  }

  @Override
  public void close() {
    tape.close();
  }
}
