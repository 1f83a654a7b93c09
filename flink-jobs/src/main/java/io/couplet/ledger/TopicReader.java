package io.couplet.ledger;

import io.couplet.schemas.DamagedTopicException;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicSchemaStore;
import io.couplet.schemas.UndecodableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a single-partition topic of a run between two offsets: committed records only, in order.
 * Records that are not what they should be are passed over, as the jobs do, which send them to the
 * dead letters. Not thread-safe.
 */
public final class TopicReader<T extends SpecificRecordBase> implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TopicPartition partition;
  private final TopicSchemaStore schemas;
  private final RecordCodec<T> codec;
  private final KafkaConsumer<byte[], byte[]> consumer;

  private TopicReader(KafkaConnection connection, RunTopics run, Topic<T> topic) {
    partition = new TopicPartition(topic.in(run), 0);
    schemas = new TopicSchemaStore(connection, run);
    codec = new RecordCodec<>(topic, schemas);
    Properties properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(topic.maxBytes()));
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
  }

  public static <T extends SpecificRecordBase> TopicReader<T> open(
      KafkaConnection connection, RunTopics run, Topic<T> topic) {
    return new TopicReader<>(connection, run, topic);
  }

  /** A record and where it is. */
  public record Positioned<T>(long offset, T value) {}

  /** Takes one record. */
  @FunctionalInterface
  public interface Use<T, E extends Exception> {
    void take(Positioned<T> record) throws E;
  }

  /** First offset that is still there. */
  public long begin() {
    return consumer.beginningOffsets(List.of(partition), PATIENCE).get(partition);
  }

  /** Offset after the last committed record. */
  public long end() {
    return consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
  }

  /** The records of offsets from {@code from} to before {@code to}. */
  public List<Positioned<T>> read(long from, long to) {
    List<Positioned<T>> records = new ArrayList<>();
    this.<RuntimeException>forEach(from, to, records::add);
    return records;
  }

  /** As {@link #read}, one record at a time, for what is too large for memory. */
  public <E extends Exception> void forEach(long from, long to, Use<T, E> use) throws E {
    if (from >= to) {
      return;
    }
    consumer.seek(partition, from);
    long stalled = System.nanoTime();
    while (consumer.position(partition, PATIENCE) < to) {
      long before = consumer.position(partition, PATIENCE);
      for (ConsumerRecord<byte[], byte[]> record : poll(before)) {
        if (record.offset() < to) {
          decode(record, use);
        }
      }
      if (consumer.position(partition, PATIENCE) > before) {
        stalled = System.nanoTime();
      } else if (System.nanoTime() - stalled > PATIENCE.toNanos()) {
        throw new KafkaException(
            "Topic "
                + partition.topic()
                + " gave nothing from offset "
                + before
                + " for "
                + PATIENCE.toSeconds()
                + " s; expected records up to offset "
                + (to - 1));
      }
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(long position) {
    try {
      return consumer.poll(Duration.ofMillis(200));
    } catch (KafkaException e) {
      throw DamagedTopicException.explain(
          e, "Topic " + partition.topic() + ", at offset " + position + " or shortly after,");
    }
  }

  private <E extends Exception> void decode(ConsumerRecord<byte[], byte[]> record, Use<T, E> use)
      throws E {
    T value;
    try {
      value = codec.decode(record.value());
    } catch (UndecodableRecordException e) {
      return;
    }
    use.take(new Positioned<>(record.offset(), value));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
