package io.couplet.advantage;

import io.couplet.config.RewardsSection;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.UndecodableRecordException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The reward sources that a run knows before its first group: without them the first groups would
 * race against the topic that names their sources.
 *
 * @param changes built-in sources, then what the topic reward-sources said, in its order
 * @param through offset before which the topic's changes are among them
 */
public record InitialSources(List<SourceChange> changes, long through) implements Serializable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public InitialSources {
    changes = List.copyOf(changes);
  }

  /** The built-in sources of a run's configuration. */
  static List<RewardSource> builtIn(RewardsSection rewards) {
    List<RewardSource> sources = new ArrayList<>();
    if (rewards.testsWeight() != 0) {
      sources.add(
          new RewardSource("tests", rewards.testsWeight(), true, rewards.deadlineMs(), 0.0, 1.0));
    }
    if (rewards.formatWeight() != 0) {
      sources.add(
          new RewardSource("format", rewards.formatWeight(), true, rewards.deadlineMs(), 0.0, 1.0));
    }
    return sources;
  }

  /** Reads the topic reward-sources to its end. */
  static InitialSources read(KafkaConnection connection, RunTopics run, RewardsSection rewards) {
    List<SourceChange> changes =
        new ArrayList<>(builtIn(rewards).stream().map(SourceChange::to).toList());
    TopicPartition partition = new TopicPartition(Topic.REWARD_SOURCES.in(run), 0);
    RecordCodec<RewardSource> codec = RecordCodec.of(Topic.REWARD_SOURCES);
    Properties properties = connection.clientProperties();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition, PATIENCE) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> add(record, codec, changes));
        if (System.nanoTime() > giveUp) {
          throw new IllegalStateException(
              "The topic " + partition.topic() + " could not be read to its end");
        }
      }
      return new InitialSources(changes, end);
    }
  }

  /** What is no source is left to the job, which sends it to the dead letters. */
  private static void add(
      ConsumerRecord<byte[], byte[]> record,
      RecordCodec<RewardSource> codec,
      List<SourceChange> changes) {
    if (record.value() == null) {
      changes.add(SourceChange.removal(new String(record.key(), StandardCharsets.UTF_8)));
      return;
    }
    try {
      changes.add(SourceChange.to(codec.decode(record.value())));
    } catch (UndecodableRecordException e) {
      return;
    }
  }
}
