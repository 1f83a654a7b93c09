package io.couplet.local.inspect;

import io.couplet.ledger.Ledger;
import io.couplet.local.inspect.GroupLineage.Said;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.Group;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;

/** Reads the lineage of groups from the topics of a run, each topic once. */
public final class GroupLineages {
  private final RunConnection run;
  private final Set<String> groups;

  private GroupLineages(RunConnection run, Collection<String> groups) {
    this.run = run;
    this.groups = Set.copyOf(groups);
  }

  /** Of one group; empty when no topic knows it. */
  public static Optional<GroupLineage> find(RunConnection run, String group, Ledger ledger) {
    return Optional.ofNullable(of(run, List.of(group), ledger).get(group));
  }

  /** Of several groups, in the order in which they are given; those that no topic knows lack. */
  public static Map<String, GroupLineage> of(
      RunConnection run, Collection<String> groups, Ledger ledger) {
    return new GroupLineages(run, groups).read(groups, ledger);
  }

  private Map<String, GroupLineage> read(Collection<String> order, Ledger ledger) {
    Map<String, List<Rollout>> rollouts = new HashMap<>();
    each(
        Topic.ROLLOUTS,
        received ->
            rollouts
                .computeIfAbsent(received.value().get().getGroup(), key -> new ArrayList<>())
                .add(received.value().get()));
    Map<String, Group> tape = new HashMap<>();
    each(
        Topic.GROUPS,
        received -> tape.putIfAbsent(received.value().get().getGroup(), received.value().get()));
    Map<String, Map<String, List<Said>>> rewards = new HashMap<>();
    for (String source : RewardSources.everHeard(run)) {
      each(
          Topic.rewards(source),
          received ->
              rewards
                  .computeIfAbsent(received.value().get().getGroup(), key -> new TreeMap<>())
                  .computeIfAbsent(source, key -> new ArrayList<>())
                  .add(new Said(received.value().get(), received.raw().timestamp())));
    }
    Map<String, GroupLineage> lineages = new LinkedHashMap<>();
    for (String group : order) {
      if (rollouts.containsKey(group) || tape.containsKey(group)) {
        lineages.put(
            group,
            GroupLineage.of(
                group,
                rollouts.getOrDefault(group, List.of()),
                rewards.getOrDefault(group, Map.of()),
                Optional.ofNullable(tape.get(group)),
                ledger));
      }
    }
    return lineages;
  }

  private <T extends SpecificRecordBase> void each(
      Topic<T> topic, Consumer<TopicReader.Received<T>> sink) {
    try (TopicReader<T> reader = new TopicReader<>(run.kafka(), run.topics(), topic)) {
      reader.readToEnd(
          received -> {
            if (received.value().isPresent()
                && groups.contains(topic.subject().apply(received.value().get()))) {
              sink.accept(received);
            }
          });
    }
  }
}
