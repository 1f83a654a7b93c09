package io.couplet.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Nothing is sent, so no broker has to answer. */
class TopicSinkTest {
  private static KafkaSink<String> kafka() {
    SerializationSchema<String> utf8 = text -> text.getBytes(StandardCharsets.UTF_8);
    return KafkaSink.<String>builder()
        .setBootstrapServers("127.0.0.1:1")
        .setRecordSerializer(
            KafkaRecordSerializationSchema.<String>builder()
                .setTopic("topic")
                .setValueSerializationSchema(utf8)
                .build())
        .build();
  }

  private static OneInputStreamOperatorTestHarness<String, CommittableMessage<Object>> writer(
      Sink<String> sink) throws Exception {
    OneInputStreamOperatorTestHarness<String, CommittableMessage<Object>> harness =
        new OneInputStreamOperatorTestHarness<>(
            new SinkWriterOperatorFactory<>(sink), StringSerializer.INSTANCE);
    harness.setProcessingTime(System.currentTimeMillis()); // what Kafka's writer reckons from
    harness.open();
    return harness;
  }

  private static long untilNextTimer(OneInputStreamOperatorTestHarness<?, ?> harness) {
    TestProcessingTimeService timers = harness.getProcessingTimeService();
    assertThat(timers.getActiveTimerTimestamps()).hasSize(1);
    return timers.getActiveTimerTimestamps().iterator().next() - harness.getProcessingTime();
  }

  @Test
  void itsWriterWakesEveryFiveSecondsWhereThatOfKafkaWakesTwiceASecond() throws Exception {
    try (var plain = writer(kafka());
        var slow = writer(new TopicSink<>(kafka()))) {
      assertThat(untilNextTimer(plain)).isLessThan(5_000);
      assertThat(untilNextTimer(slow)).isEqualTo(5_000);
      slow.setProcessingTime(slow.getProcessingTime() + 5_000);
      assertThat(untilNextTimer(slow)).isEqualTo(5_000);
    }
  }
}
