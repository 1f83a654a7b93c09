package io.couplet.learner;

import io.couplet.ledger.TopicReader;
import io.couplet.schemas.Group;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.io.IOException;

/** The groups of a run in the order in which the learner read them. */
public interface Tape extends AutoCloseable {
  /** First offset that is still there. */
  long begin();

  /** Offset after the last record. */
  long end();

  /** Reads from {@code from} to before {@code to}. */
  void read(long from, long to, Reader use) throws IOException;

  @Override
  void close();

  /** Takes one record. */
  @FunctionalInterface
  interface Reader {
    void read(TapeGroup group) throws IOException;
  }

  /** The tape on Kafka. */
  static Tape of(KafkaConnection connection, RunTopics run) {
    TopicReader<Group> topic = TopicReader.open(connection, run, Topic.GROUPS);
    return new Tape() {
      @Override
      public long begin() {
        return topic.begin();
      }

      @Override
      public long end() {
        return topic.end();
      }

      @Override
      public void read(long from, long to, Reader use) throws IOException {
        topic.<IOException>forEach(
            from, to, record -> use.read(new TapeGroup(record.offset(), record.value())));
      }

      @Override
      public void close() {
        topic.close();
      }
    };
  }
}
