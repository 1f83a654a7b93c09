package io.couplet.local.topics;

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
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic of a run from its first record on, outside any consumer group. A topic that does
 * not exist has no records. Not thread-safe.
 */
public final class TopicReader<T extends SpecificRecordBase> implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a broker holds a fetch for which it has no record. */
  private static final String FETCH_WAIT_MS = "5000";

  private final String name;
  private final RecordCodec<T> codec;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  /**
   * A record as it was read.
   *
   * @param value the record; empty for a tombstone and for bytes that are not such a record
   * @param refusal why the bytes are no record; empty otherwise
   * @param raw the record as Kafka holds it
   */
  public record Received<T>(
      Optional<T> value, Optional<String> refusal, ConsumerRecord<byte[], byte[]> raw) {
    /** Whether the record deletes its key. */
    public boolean isTombstone() {
      return raw.value() == null;
    }
  }

  public TopicReader(KafkaConnection connection, RunTopics run, Topic<T> topic) {
    name = topic.in(run);
    codec = new RecordCodec<>(topic, new TopicSchemaStore(connection, run));
    Properties properties = connection.clientProperties();
    properties.setProperty("isolation.level", "read_committed");
    properties.setProperty("auto.offset.reset", "earliest");
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("allow.auto.create.topics", "false");
    properties.setProperty("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    properties.putIfAbsent("fetch.max.wait.ms", FETCH_WAIT_MS);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        consumer.listTopics().getOrDefault(name, List.of()).stream()
            .map(info -> new TopicPartition(name, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Records that have come in; waits at most so long for the first. */
  public List<Received<T>> poll(Duration patience) {
    List<Received<T>> received = new ArrayList<>();
    if (partitions.isEmpty()) {
      return received;
    }
    try {
      for (ConsumerRecord<byte[], byte[]> raw : consumer.poll(patience)) {
        received.add(received(raw));
      }
    } catch (KafkaException e) {
      throw DamagedTopicException.explain(e, "Topic " + name);
    }
    return received;
  }

  /** Every record up to the end as it is now. */
  public void readToEnd(Consumer<Received<T>> sink) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      poll(Duration.ofMillis(100)).forEach(sink);
    }
  }

  /** Every readable record up to the end as it is now; the others are left out. */
  public static <T extends SpecificRecordBase> List<T> all(
      KafkaConnection connection, RunTopics run, Topic<T> topic) {
    List<T> values = new ArrayList<>();
    try (TopicReader<T> reader = new TopicReader<>(connection, run, topic)) {
      reader.readToEnd(received -> received.value().ifPresent(values::add));
    }
    return values;
  }

  private Received<T> received(ConsumerRecord<byte[], byte[]> raw) {
    if (raw.value() == null) {
      return new Received<>(Optional.empty(), Optional.empty(), raw);
    }
    try {
      return new Received<>(Optional.of(codec.decode(raw.value())), Optional.empty(), raw);
    } catch (UndecodableRecordException e) {
      return new Received<>(Optional.empty(), Optional.of(e.getMessage()), raw);
    }
  }

  @Override
  public void close() {
    // A broker answers in order: to take leave is to wait for the end of a fetch that is held.
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
