package io.couplet.ledger;

import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;

/** Reads the ledger of a run from its topic. */
public final class LedgerReader {
  private LedgerReader() {}

  /** The whole ledger, as far as it is committed. */
  public static Ledger read(KafkaConnection connection, RunTopics run) {
    try (TopicReader<LedgerEntry> topic = TopicReader.open(connection, run, Topic.LEDGER)) {
      return Ledger.of(
          topic.read(topic.begin(), topic.end()).stream()
              .map(TopicReader.Positioned::value)
              .toList());
    }
  }
}
