package io.couplet.serde;

import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RecordHeaders;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Encodes records for their topic, with the key of the catalogue and all headers. Deterministic:
 * the same record gives the same bytes, so that writing it twice is harmless.
 */
final class RecordSerializer<T extends SpecificRecordBase>
    implements KafkaRecordSerializationSchema<T> {
  private static final long serialVersionUID = 1L;

  private final Topic<T> topic;
  private final RunTopics run;
  private transient RecordCodec<T> codec;
  private transient String topicName;
  private transient String subject;
  private transient String traceParent;

  RecordSerializer(Topic<T> topic, RunTopics run) {
    this.topic = topic;
    this.run = run;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    codec = RecordCodec.of(topic);
    topicName = topic.in(run);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T value, KafkaSinkContext context, Long timestamp) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topicName,
            topic.key().apply(value).getBytes(StandardCharsets.UTF_8),
            codec.encode(value));
    RecordHeaders.add(
        record.headers(),
        run.run(),
        codec.fingerprint(),
        topic.attempt().applyAsInt(value),
        traceParent(topic.subject().apply(value)));
    return record;
  }

  /** Records about one subject, such as the members of a group, mostly come one after another. */
  private String traceParent(String about) {
    if (!about.equals(subject)) {
      subject = about;
      traceParent = RecordHeaders.traceParent(run.run(), about, topic.entity());
    }
    return traceParent;
  }
}
