package io.couplet.learner;

import io.couplet.ledger.TopicReader;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.util.List;

/**
 * The end of a run's ledger, read when a learner starts.
 *
 * @param entries records of the steps asked for, in ledger order
 * @param lastFence number of the last learner that announced anything, 0 when none did
 */
record LedgerTail(List<LedgerEntry> entries, long lastFence) {
  private static final long CHUNK = 512;

  static LedgerTail read(KafkaConnection connection, RunTopics topics, long afterStep) {
    List<LedgerEntry> entries = List.of();
    try (TopicReader<LedgerEntry> ledger = TopicReader.open(connection, topics, Topic.LEDGER)) {
      long end = ledger.end();
      for (long back = CHUNK; ; back *= 2) {
        long from = Math.max(ledger.begin(), end - back);
        entries = ledger.read(from, end).stream().map(TopicReader.Positioned::value).toList();
        boolean reachesStep = !entries.isEmpty() && entries.get(0).getStep() <= afterStep;
        if (from == ledger.begin() || reachesStep) {
          break;
        }
      }
    }
    return new LedgerTail(
        entries.stream().filter(entry -> entry.getStep() > afterStep).toList(),
        lastFence(connection, topics));
  }

  private static long lastFence(KafkaConnection connection, RunTopics topics) {
    try (TopicReader<Policy> policies = TopicReader.open(connection, topics, Topic.POLICIES)) {
      long end = policies.end();
      for (long back = 8; ; back *= 4) {
        long from = Math.max(policies.begin(), end - back);
        List<TopicReader.Positioned<Policy>> last = policies.read(from, end);
        if (!last.isEmpty() || from == policies.begin()) {
          return last.stream().mapToLong(policy -> policy.value().getFence()).max().orElse(0);
        }
      }
    }
  }
}
