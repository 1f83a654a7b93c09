package io.couplet.advantage;

import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.AssemblyEvent.RolloutRefused;
import io.couplet.advantage.state.HeldReward;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Dead letters of records that were well formed but cannot be used. Not thread-safe. */
final class RefusedRecords {
  private final RunTopics topics;
  private final RecordCodec<Rollout> rollouts = RecordCodec.of(Topic.ROLLOUTS);
  private final RecordCodec<RewardSource> sources = RecordCodec.of(Topic.REWARD_SOURCES);

  RefusedRecords(RunTopics topics) {
    this.topics = topics;
  }

  DeadLetter reward(RewardRefused refused) {
    HeldReward reward = refused.reward();
    return letter(
        reward.getTopic(),
        reward.getPartition(),
        reward.getOffset(),
        refused.group(),
        reward.getRecord(),
        refused.why());
  }

  DeadLetter rollout(RolloutRefused refused) {
    Rollout rollout = refused.rollout();
    return letter(
        Topic.ROLLOUTS.in(topics),
        -1,
        -1,
        rollout.getGroup(),
        ByteBuffer.wrap(rollouts.encode(rollout)),
        refused.why());
  }

  DeadLetter source(SourceChange change, long offset, String why) {
    return letter(
        Topic.REWARD_SOURCES.in(topics),
        0,
        offset,
        change.name(),
        ByteBuffer.wrap(sources.encode(change.source())),
        why);
  }

  private DeadLetter letter(
      String topic, int partition, long offset, String key, ByteBuffer value, String why) {
    return DeadLetter.newBuilder()
        .setRun(topics.run())
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setKey(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
        .setValue(value)
        .setHeaders(Map.of())
        .setStage(AdvantageJob.NAME)
        .setReason(why)
        .setCreatedMs(System.currentTimeMillis())
        .build();
  }
}
