package io.couplet.local.run;

import io.couplet.config.RewardsSection;
import io.couplet.config.RunConfig;
import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the topics of a run must hold before its jobs start. Doing it again changes nothing. */
public final class RunPreparation {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RunPreparation() {}

  /** Makes the topics, publishes the schemas and registers the built-in reward sources. */
  public static void prepare(KafkaConnection kafka, RunTopics topics, RunConfig config)
      throws IOException, InterruptedException {
    try (TopicProvisioner provisioner =
        new TopicProvisioner(
            kafka, topics, config.partitions(), config.kafka().replicationFactor(), PATIENCE)) {
      provisioner.provisionRun();
    }
    registerBuiltInSources(kafka, topics, config.rewards());
  }

  /** A source that was ever registered or removed by hand is left as it is. */
  private static void registerBuiltInSources(
      KafkaConnection kafka, RunTopics topics, RewardsSection rewards)
      throws IOException, InterruptedException {
    if (anyEverRegistered(kafka, topics)) {
      return;
    }
    List<RewardSource> sources = new ArrayList<>();
    if (rewards.testsWeight() != 0) {
      sources.add(builtIn("tests", rewards.testsWeight(), rewards.deadlineMs()));
    }
    if (rewards.formatWeight() != 0) {
      sources.add(builtIn("format", rewards.formatWeight(), rewards.deadlineMs()));
    }
    try (TopicWriter writer = new TopicWriter(kafka, topics)) {
      writer.send(Topic.REWARD_SOURCES, sources);
      writer.flush();
    }
  }

  private static boolean anyEverRegistered(KafkaConnection kafka, RunTopics topics) {
    AtomicBoolean any = new AtomicBoolean();
    try (TopicReader<RewardSource> reader =
        new TopicReader<>(kafka, topics, Topic.REWARD_SOURCES)) {
      reader.readToEnd(received -> any.set(true));
    }
    return any.get();
  }

  private static RewardSource builtIn(String name, double weight, long deadlineMs) {
    return RewardSource.newBuilder()
        .setName(name)
        .setWeight(weight)
        .setRequired(true)
        .setDeadlineMs(deadlineMs)
        .setMinimum(0)
        .setMaximum(1)
        .build();
  }
}
