package io.couplet.local.topics;

import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RecordHeaders;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records to topics of a run, with Couplet's headers. Thread-safe. */
public final class TopicWriter implements AutoCloseable {
  private static final int LARGEST_REQUEST = 16 << 20;

  private final RunTopics run;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Future<RecordMetadata>> pending = new ArrayList<>();

  public TopicWriter(KafkaConnection connection, RunTopics run) {
    this.run = run;
    Properties properties = connection.clientProperties();
    properties.setProperty("acks", "all");
    properties.setProperty("max.request.size", Integer.toString(LARGEST_REQUEST));
    properties.setProperty("linger.ms", "5");
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends records; {@link #flush} tells whether they arrived. */
  public synchronized <T extends SpecificRecordBase> void send(Topic<T> topic, Iterable<T> values) {
    RecordCodec<T> codec = RecordCodec.of(topic);
    for (T value : values) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic.in(run), bytes(topic.key().apply(value)), codec.encode(value));
      String trace =
          RecordHeaders.traceParent(run.run(), topic.subject().apply(value), topic.entity());
      RecordHeaders.add(record.headers(), run.run(), codec.fingerprint(), 0, trace);
      pending.add(producer.send(record));
    }
  }

  /** Deletes a key of a compacted topic. */
  public synchronized void sendTombstone(Topic<?> topic, String key) {
    pending.add(producer.send(new ProducerRecord<>(topic.in(run), bytes(key), null)));
  }

  /** Sends a record of any topic as it stands. */
  public synchronized void sendRaw(ProducerRecord<byte[], byte[]> record) {
    pending.add(producer.send(record));
  }

  /**
   * Waits until everything that was sent is on the broker.
   *
   * @throws IOException when a record did not get there
   */
  public synchronized void flush() throws IOException, InterruptedException {
    try {
      for (Future<RecordMetadata> sent : pending) {
        sent.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(
          "A record could not be written to Kafka: " + e.getCause().getMessage(), e.getCause());
    } finally {
      pending.clear();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
