package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.schemas.CompiledSchemas;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Reward;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records that no stage can use, and knows the dead letters that must come of them.
 * Thread-safe.
 */
final class BadRecords implements AutoCloseable {
  private static final int LARGEST_REQUEST = 30 << 20;

  private final KafkaConnection kafka;
  private final RunTopics topics;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Expected> expected = new CopyOnWriteArrayList<>();

  /**
   * A dead letter to come.
   *
   * @param value the bytes; null when there are none, or too many to be kept
   * @param because part of the reason
   */
  private record Expected(
      String topic,
      int partition,
      long offset,
      byte[] key,
      byte[] value,
      String stage,
      String because) {
    boolean is(DeadLetter letter) {
      return letter.getTopic().equals(topic)
          && letter.getPartition() == partition
          && letter.getOffset() == offset
          && letter.getStage().equals(stage)
          && letter.getReason().contains(because)
          && Arrays.equals(bytes(letter.getKey()), key)
          && Arrays.equals(bytes(letter.getValue()), value);
    }

    @Override
    public String toString() {
      return topic + "/" + partition + "/" + offset + " by " + stage + " because " + because;
    }
  }

  BadRecords(KafkaConnection kafka, RunTopics topics) {
    this.kafka = kafka;
    this.topics = topics;
    Properties properties = kafka.clientProperties();
    properties.setProperty("max.request.size", Integer.toString(LARGEST_REQUEST));
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Writes one record.
   *
   * @param stages the jobs that read the topic and refuse the record, each with a letter
   */
  void send(Topic<?> topic, String key, byte[] value, String because, String... stages)
      throws Exception {
    send(topic, key, value, value, because, stages);
  }

  private void send(
      Topic<?> topic, String key, byte[] value, byte[] kept, String because, String... stages)
      throws Exception {
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    RecordMetadata at =
        producer.send(new ProducerRecord<>(topic.in(topics), keyBytes, value)).get();
    for (String stage : stages) {
      expected.add(
          new Expected(at.topic(), at.partition(), at.offset(), keyBytes, kept, stage, because));
    }
  }

  /** One cut short, one of a schema that nobody has published, one that is no Avro at all. */
  void sendDamaged(Topic<?> topic, byte[] good, String... stages) throws Exception {
    send(topic, "cut", Arrays.copyOf(good, good.length - 3), "", stages);
    byte[] unknown = good.clone();
    unknown[5] ^= 0x55;
    send(topic, "unknown", unknown, "nobody has published", stages);
    // A broker takes no record without a key into a compacted topic.
    String key = topic.compacted() ? "json" : null;
    send(topic, key, "{\"id\": 1}".getBytes(StandardCharsets.UTF_8), "", stages);
  }

  /** The broker's refusal of a record that its topic does not take. */
  Throwable refusalOf(Topic<?> topic, byte[] value) throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(topic.in(topics), null, value)).get();
      throw new AssertionError("The broker took " + value.length + " bytes");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** The same after the topic's limit was lifted, as whoever owns a broker may do. */
  void sendHuge(Topic<?> topic, byte[] value, String... stages) throws Exception {
    try (Admin admin = Admin.create(kafka.adminProperties())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic.in(topics)),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", Integer.toString(LARGEST_REQUEST)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    send(topic, "huge", value, null, "too many for a dead letter and stay where they are", stages);
  }

  int lettersToCome() {
    return expected.size();
  }

  /** Each of the expected letters is there, once, and no other. */
  void requireLetters(List<DeadLetter> letters) {
    assertThat(expected)
        .allSatisfy(
            each ->
                assertThat(letters.stream().filter(each::is).count()).as("%s", each).isEqualTo(1));
    assertThat(letters)
        .allSatisfy(
            letter ->
                assertThat(expected.stream().anyMatch(each -> each.is(letter)))
                    .as("%s", letter)
                    .isTrue());
  }

  static byte[] bytes(Reward reward) {
    return RecordCodec.of(Topic.rewards(reward.getSource())).encode(reward);
  }

  /** The reward as somebody writes it who knows four of its fields; the schema is published. */
  byte[] inASchemaOfItsOwn(Reward reward) throws Exception {
    Schema schema =
        SchemaBuilder.record("Reward")
            .namespace("io.couplet.schemas")
            .fields()
            .requiredString("group")
            .requiredInt("member")
            .requiredString("source")
            .requiredDouble("value")
            .endRecord();
    String key = CompiledSchemas.hex(CompiledSchemas.fingerprint(schema));
    producer
        .send(
            new ProducerRecord<>(
                topics.schemas(),
                key.getBytes(StandardCharsets.UTF_8),
                schema.toString().getBytes(StandardCharsets.UTF_8)))
        .get();
    GenericData.Record record = new GenericData.Record(schema);
    record.put("group", reward.getGroup());
    record.put("member", reward.getMember());
    record.put("source", reward.getSource());
    record.put("value", reward.getValue());
    ByteBuffer encoded =
        new BinaryMessageEncoder<GenericData.Record>(new GenericData(), schema).encode(record);
    return bytes(encoded);
  }

  static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    producer.close();
  }
}
