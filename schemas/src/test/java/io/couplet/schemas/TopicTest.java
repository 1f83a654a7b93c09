package io.couplet.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
  private static final RunTopics RUN = new RunTopics("couplet", "demo-1");

  @Test
  void namesArePrefixRunEntity() {
    assertThat(Topic.GROUPS.in(RUN)).isEqualTo("couplet.demo-1.groups");
    assertThat(Topic.rewards("lint").in(RUN)).isEqualTo("couplet.demo-1.rewards.lint");
    assertThat(RUN.schemas()).isEqualTo("couplet.demo-1.schemas");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "-a", "\u00e9", "a/b"})
  void namesThatKafkaOrOurDotsCannotCarryAreRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new RunTopics("couplet", name));
    assertThatIllegalArgumentException().isThrownBy(() -> Topic.rewards(name));
  }

  @Test
  void theRewardPatternFindsEverySourceOfThisRunAndNoOther() {
    var pattern = RUN.everyRewardTopic().asMatchPredicate();
    assertThat(pattern.test("couplet.demo-1.rewards.lint")).isTrue();
    assertThat(pattern.test("couplet.demo-1.reward-sources")).isFalse();
    assertThat(pattern.test("couplet.demo-11.rewards.lint")).isFalse();
    assertThat(pattern.test("couplet-demo-1.rewards.lint")).isFalse();
    assertThat(RUN.rewardSourceOf("couplet.demo-1.rewards.lint")).contains("lint");
    assertThat(RUN.rewardSourceOf("couplet.demo-1.groups")).isEmpty();
  }

  @Test
  void theTapeHasOnePartitionAndIsNeverCutOrCompacted() {
    assertThat(Topic.GROUPS.partitions()).isEqualTo(1);
    assertThat(Topic.GROUPS.exactPartitions()).isTrue();
    assertThat(Topic.GROUPS.configuration())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "-1")
        .containsEntry("retention.bytes", "-1");
  }

  @Test
  void tracesDependOnNamesAloneAndAreSharedByASubject() {
    String rollout = RecordHeaders.traceParent("demo", "p@0", "rollouts");
    String reward = RecordHeaders.traceParent("demo", "p@0", "rewards.tests");
    assertThat(rollout).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(RecordHeaders.traceParent("demo", "p@0", "rollouts")).isEqualTo(rollout);
    assertThat(reward.substring(0, 35)).isEqualTo(rollout.substring(0, 35));
    assertThat(reward).isNotEqualTo(rollout);
    assertThat(RecordHeaders.traceParent("demo", "p@1", "rollouts").substring(0, 35))
        .isNotEqualTo(rollout.substring(0, 35));
  }

  @Test
  void secretsOfAConnectionAreNotPrinted() {
    var connection = new KafkaConnection("h:1", Map.of("sasl.jaas.config", "password=\"hunter2\""));
    assertThat(connection.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
  }

  @Test
  void aDeadLetterHoldsTheBytesUntouched() {
    byte[] garbage = {0, -1, 127, 10};
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("t", 3, 42L, "k".getBytes(StandardCharsets.UTF_8), garbage);
    record.headers().add(new RecordHeader("attempt", new byte[] {'2'}));
    DeadLetter letter = DeadLetters.of(RUN, "reward", record, "Expected a record");
    assertThat(letter.getValue().array()).isEqualTo(garbage);
    assertThat(letter.getKey().array()).isEqualTo(new byte[] {'k'});
    assertThat(letter.getOffset()).isEqualTo(42L);
    assertThat(letter.getPartition()).isEqualTo(3);
    assertThat(letter.getAttempt()).isEqualTo(2);
  }

  @Test
  void bytesThatNoDeadLetterCanHoldStayWhereTheyAreAndTheReasonSaysSo() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("t", 0, 7L, null, new byte[20 << 20]);
    DeadLetter letter = DeadLetters.of(RUN, "reward", record, "Too large");
    assertThat(letter.getValue()).isNull();
    assertThat(letter.getReason()).contains("stay where they are");
    assertThat(RecordCodec.of(Topic.DEAD_LETTERS).encode(letter)).hasSizeLessThan(1 << 20);
  }
}
