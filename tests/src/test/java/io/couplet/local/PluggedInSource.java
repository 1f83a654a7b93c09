package io.couplet.local;

import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.schemas.Completion;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.time.Duration;
import java.util.List;

/**
 * Somebody's reward source: it reads the rollouts of a run and gives each completion a value, the
 * same for the same member always; what it says about the members that it is told of is wrong.
 */
final class PluggedInSource implements AutoCloseable {
  static final String NAME = "plugged-in";
  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicReader<Rollout> rollouts;
  private final TopicWriter rewards;
  private final Mistakes mistakes;
  private final Thread thread = new Thread(this::judge, NAME);
  private volatile boolean closed;
  private volatile Exception failure;

  /** What the source gets wrong. */
  interface Mistakes {
    /** Writes a wrong reward and returns true, or leaves it to the source. */
    boolean made(Rollout rollout) throws Exception;
  }

  PluggedInSource(KafkaConnection kafka, RunTopics topics, Mistakes mistakes) {
    rollouts = new TopicReader<>(kafka, topics, Topic.ROLLOUTS);
    rewards = new TopicWriter(kafka, topics);
    this.mistakes = mistakes;
    thread.start();
  }

  private void judge() {
    try {
      while (!closed) {
        for (var received : rollouts.poll(POLL)) {
          if (received.value().isPresent()
              && received.value().get().getOutcome() instanceof Completion) {
            judge(received.value().get());
          }
        }
        rewards.flush();
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  private void judge(Rollout rollout) throws Exception {
    if (!mistakes.made(rollout)) {
      double value = 0.25 * rollout.getMember();
      rewards.send(
          Topic.rewards(NAME),
          List.of(reward(NAME, rollout.getGroup(), rollout.getMember(), value)));
    }
  }

  static Reward reward(String source, String group, int member, double value) {
    return Reward.newBuilder()
        .setGroup(group)
        .setMember(member)
        .setSource(source)
        .setValue(value)
        .build();
  }

  @Override
  public void close() throws Exception {
    closed = true;
    thread.join();
    rollouts.close();
    rewards.close();
    if (failure != null) {
      throw failure;
    }
  }
}
