package io.couplet.serde;

import io.couplet.schemas.DeadLetters;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicSchemaStore;
import io.couplet.schemas.UndecodableRecordException;
import io.couplet.serde.Decoded.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes what a source reads and never fails on it: a decode exception would restart the job on
 * the same record for ever.
 */
final class RecordDeserializer<T extends SpecificRecordBase>
    implements KafkaRecordDeserializationSchema<Decoded<T>> {
  private static final long serialVersionUID = 1L;

  private final Topic<T> topic;
  private final KafkaConnection connection;
  private final RunTopics run;
  private final String stage;
  private final RecordCheck<T> check;
  private final boolean keepsBytes;
  private transient RecordCodec<T> codec;

  /**
   * @param check refuses records that decode but cannot be used
   * @param keepsBytes whether records go on with the bytes that they were
   */
  RecordDeserializer(
      Topic<T> topic,
      KafkaConnection connection,
      RunTopics run,
      String stage,
      RecordCheck<T> check,
      boolean keepsBytes) {
    this.check = check;
    this.keepsBytes = keepsBytes;
    this.topic = topic;
    this.connection = connection;
    this.run = run;
    this.stage = stage;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    codec = new RecordCodec<>(topic, new TopicSchemaStore(connection, run));
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded<T>> out) {
    out.collect(decode(record));
  }

  private Decoded<T> decode(ConsumerRecord<byte[], byte[]> record) {
    Origin origin =
        new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    if (record.value() == null) {
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      return new Decoded.Tombstone<>(
          key,
          origin,
          DeadLetters.of(run, stage, record, "Expected a record, found a key without a value"));
    }
    try {
      T value = codec.decode(record.value());
      Optional<String> refusal = check.refusal(value, origin);
      if (refusal.isPresent()) {
        return new Decoded.Poison<>(DeadLetters.of(run, stage, record, refusal.get()));
      }
      return keepsBytes
          ? new Decoded.Value<>(value, origin, ByteBuffer.wrap(record.value()))
          : new Decoded.Value<>(value, origin);
    } catch (UndecodableRecordException e) {
      return new Decoded.Poison<>(DeadLetters.of(run, stage, record, e.getMessage()));
    }
  }

  @Override
  public TypeInformation<Decoded<T>> getProducedType() {
    return new DecodedTypeInfo<>(topic.type());
  }
}
