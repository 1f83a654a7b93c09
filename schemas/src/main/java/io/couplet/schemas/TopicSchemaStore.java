package io.couplet.schemas;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas of a run as its schemas topic holds them, learnt when a record needs one: a
 * fingerprint that is not known yet makes the store read the topic to its end once more. A schema
 * that was published before the first record written with it is therefore always found.
 * Thread-safe; holds no connection between questions, and asks none that this build's own schemas
 * answer.
 */
public final class TopicSchemaStore implements SchemaStore {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSchemaStore.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a fingerprint that was not found is taken as unknown without asking again. */
  private static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int REMEMBERED_UNKNOWN = 1_000;

  private final KafkaConnection connection;
  private final TopicPartition partition;
  private final Map<Long, Schema> learnt = new HashMap<>();
  private final Map<Long, Long> unknownSince =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > REMEMBERED_UNKNOWN;
        }
      };
  private long readUpTo;

  public TopicSchemaStore(KafkaConnection connection, RunTopics run) {
    this.connection = connection;
    partition = new TopicPartition(run.schemas(), 0);
  }

  @Override
  public synchronized Optional<Schema> find(long fingerprint) {
    Optional<Schema> compiled = CompiledSchemas.find(fingerprint);
    if (compiled.isPresent()) {
      return compiled;
    }
    if (learnt.containsKey(fingerprint)) {
      return Optional.of(learnt.get(fingerprint));
    }
    Long since = unknownSince.get(fingerprint);
    if (since != null && System.nanoTime() - since < UNKNOWN_NANOS) {
      return Optional.empty();
    }
    readToEnd();
    Schema found = learnt.get(fingerprint);
    if (found == null) {
      unknownSince.remove(fingerprint);
      unknownSince.put(fingerprint, System.nanoTime());
    }
    return Optional.ofNullable(found);
  }

  private void readToEnd() {
    try (KafkaConsumer<byte[], byte[]> consumer = connect()) {
      long end = consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
      consumer.seek(partition, readUpTo);
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition, PATIENCE) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(this::learn);
        if (System.nanoTime() > giveUp) {
          throw new IllegalStateException(
              "The schemas topic " + partition.topic() + " could not be read to its end");
        }
      }
      readUpTo = consumer.position(partition, PATIENCE);
    } catch (KafkaException e) {
      throw new IllegalStateException(
          "The schemas topic " + partition.topic() + " cannot be read: " + e.getMessage(), e);
    }
  }

  private KafkaConsumer<byte[], byte[]> connect() {
    Properties properties = connection.clientProperties();
    properties.setProperty("auto.offset.reset", "earliest");
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("allow.auto.create.topics", "false");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    return consumer;
  }

  /** The key is only a label: the fingerprint is computed from the schema itself. */
  private void learn(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null || record.value().length > WriterSchemas.MAX_JSON_CHARACTERS) {
      LOG.warn("Passed over {}@{}: not a schema", record.topic(), record.offset());
      return;
    }
    try {
      Schema schema = new Schema.Parser().parse(new String(record.value(), StandardCharsets.UTF_8));
      learnt.put(CompiledSchemas.fingerprint(schema), schema);
    } catch (AvroRuntimeException | StackOverflowError e) {
      LOG.warn("Passed over {}@{}: {}", record.topic(), record.offset(), e.toString());
    }
  }
}
