package io.couplet.local.inspect;

import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.KafkaException;

/**
 * Everything that the topics of a run hold about one group.
 *
 * @param rollouts by member; of a member that was made twice the last one
 * @param rewards what each source said, by source and member
 * @param tape the group as the learner read it; empty while it is open
 * @param update the update that was computed from it or left it out; empty when none did yet
 */
public record GroupLineage(
    String group,
    Map<Integer, Rollout> rollouts,
    Map<String, Map<Integer, Reward>> rewards,
    Optional<Group> tape,
    Optional<LedgerEntry> update) {
  public GroupLineage {
    rollouts = Map.copyOf(rollouts);
    rewards = Map.copyOf(rewards);
  }

  /** Reads the topics; empty when none knows the group. */
  public static Optional<GroupLineage> find(RunConnection run, String group) {
    Map<Integer, Rollout> rollouts = new TreeMap<>();
    each(run, Topic.ROLLOUTS, group, rollout -> rollouts.put(rollout.getMember(), rollout));
    List<Group> tape = new ArrayList<>();
    each(run, Topic.GROUPS, group, tape::add);
    if (rollouts.isEmpty() && tape.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Map<Integer, Reward>> rewards = new TreeMap<>();
    for (String source : RewardSources.everHeard(run)) {
      Map<Integer, Reward> bySource = new TreeMap<>();
      each(
          run,
          Topic.rewards(source),
          group,
          reward -> bySource.putIfAbsent(reward.getMember(), reward));
      if (!bySource.isEmpty()) {
        rewards.put(source, bySource);
      }
    }
    Optional<LedgerEntry> update =
        TopicReader.all(run.kafka(), run.topics(), Topic.LEDGER).stream()
            .filter(entry -> concerns(entry, group))
            .findFirst();
    return Optional.of(
        new GroupLineage(group, rollouts, rewards, tape.stream().findFirst(), update));
  }

  private static boolean concerns(LedgerEntry entry, String group) {
    return entry.getGroups().stream().anyMatch(used -> used.getGroup().equals(group))
        || entry.getDrops().stream().anyMatch(drop -> drop.getGroup().equals(group));
  }

  /** Why the update left the group out; empty when it was computed from it. */
  public Optional<String> dropReason() {
    return update.flatMap(
        entry ->
            entry.getDrops().stream()
                .filter(drop -> drop.getGroup().equals(group))
                .map(drop -> drop.getReason())
                .findFirst());
  }

  private static <T extends SpecificRecordBase> void each(
      RunConnection run, Topic<T> topic, String group, java.util.function.Consumer<T> sink)
      throws KafkaException {
    try (TopicReader<T> reader = new TopicReader<>(run.kafka(), run.topics(), topic)) {
      reader.readToEnd(
          received ->
              received
                  .value()
                  .filter(value -> topic.subject().apply(value).equals(group))
                  .ifPresent(sink));
    }
  }
}
