package io.couplet.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import io.couplet.fuzz.GoldenExamples;
import io.couplet.rollout.ProblemRecords;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.serde.Decoded.Poison;
import io.couplet.serde.Decoded.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the jobs' sources make of damaged records: each goes on as a record or as a dead letter with
 * its bytes untouched, also across a network, and what goes on can be written again.
 */
class RecordReadingFuzzTest {
  private static final int SINGLE_OBJECT_HEADER = 10;
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;
  private static final RunTopics RUN = new RunTopics("couplet", "demo");

  static Stream<Topic<?>> topics() {
    return Stream.of(
        Topic.PROBLEMS,
        Topic.ROLLOUTS,
        Topic.rewards("tests"),
        Topic.REWARD_SOURCES,
        Topic.GROUPS,
        Topic.POLICIES,
        Topic.LEDGER,
        Topic.EVALS,
        Topic.DEAD_LETTERS);
  }

  @ParameterizedTest
  @MethodSource("topics")
  <T extends SpecificRecordBase> void everyDamagedRecordIsARecordOrADeadLetterWithItsBytes(
      Topic<T> topic) throws Exception {
    RecordDeserializer<T> reader =
        new RecordDeserializer<>(
            topic,
            // Unknown schemas are looked up there: damage leaves the fingerprint alone.
            KafkaConnection.plain("127.0.0.1:1"),
            RUN,
            "fuzz",
            (record, origin) ->
                record instanceof io.couplet.schemas.Problem problem
                    ? ProblemRecords.refusal(problem)
                    : Optional.empty(),
            true);
    reader.open(null);
    RecordSerializer<T> writer = new RecordSerializer<>(topic, RUN);
    writer.open(null, null);
    DecodedSerializer<T> network = new DecodedSerializer<>(topic.type());
    List<Decoded<T>> read = new ArrayList<>();
    Fuzzing.run(
        Fuzzing.inputs(10_000),
        new Damage(topic.entity(), List.of(GoldenExamples.inUse(topic)), SINGLE_OBJECT_HEADER),
        MOST_BYTES_PER_INPUT,
        input -> {
          read.clear();
          reader.deserialize(
              new ConsumerRecord<>(topic.in(RUN), 0, 7, key(), input),
              new Collector<>() {
                @Override
                public void collect(Decoded<T> decoded) {
                  read.add(decoded);
                }

                @Override
                public void close() {}
              });
          assertThat(read).hasSize(1);
          Decoded<T> decoded = read.get(0);
          byte[] sent = sent(network, decoded);
          assertThat(sent(network, network.deserialize(new DataInputDeserializer(sent))))
              .isEqualTo(sent);
          if (decoded instanceof Poison<T> poison) {
            assertThat(poison.letter().getValue().array()).isEqualTo(input);
            assertThat(poison.letter().getReason()).isNotBlank();
            throw new Refusal(null);
          }
          assertThat(((Value<T>) decoded).bytes().array()).isEqualTo(input);
          T value = ((Value<T>) decoded).value();
          assertThat(writer.serialize(value, null, null).value().length)
              .isLessThanOrEqualTo(input.length);
        });
  }

  private static byte[] key() {
    return "key".getBytes(StandardCharsets.UTF_8);
  }

  private static <T extends SpecificRecordBase> byte[] sent(
      DecodedSerializer<T> network, Decoded<T> decoded) throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(1_024);
    network.serialize(decoded, out);
    return out.getCopyOfBuffer();
  }
}
