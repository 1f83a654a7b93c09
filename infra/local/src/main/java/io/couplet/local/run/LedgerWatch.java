package io.couplet.local.run;

import io.couplet.local.progress.Display;
import io.couplet.local.progress.RunProgress;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Follows the ledger and the evaluations of a run. Not thread-safe. */
final class LedgerWatch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final RunProgress progress;
  private final Display display;
  private final TopicReader<LedgerEntry> ledger;
  private final TopicReader<Evaluation> evaluations;

  LedgerWatch(KafkaConnection kafka, RunTopics topics, RunProgress progress, Display display) {
    this.progress = progress;
    this.display = display;
    ledger = new TopicReader<>(kafka, topics, Topic.LEDGER);
    evaluations = new TopicReader<>(kafka, topics, Topic.EVALS);
  }

  /** Takes in what has come since; waits a moment when no update has. */
  void follow() throws IOException {
    for (var received : ledger.poll(PATIENCE)) {
      if (received.value().isPresent()) {
        progress.accept(received.value().get()).ifPresent(display::update);
      }
    }
    for (var received : evaluations.poll(Duration.ZERO)) {
      if (received.value().isPresent()) {
        progress.accept(received.value().get()).ifPresent(display::evaluated);
      }
    }
    progress.refresh();
  }

  /** Why the run has to end, if the learner says so. */
  Optional<String> halted() {
    return progress.halted().map(reason -> "The learner has stopped the run: " + reason);
  }

  @Override
  public void close() {
    ledger.close();
    evaluations.close();
  }
}
