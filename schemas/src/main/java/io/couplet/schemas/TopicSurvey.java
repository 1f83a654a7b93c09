package io.couplet.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The topics of a run as they are on the brokers. */
public final class TopicSurvey implements AutoCloseable {
  private final RunTopics run;
  private final Admin admin;
  private final BrokerAnswers answers;

  /**
   * One topic.
   *
   * @param records records between its first and its last offset; compaction may have removed some
   */
  public record Layout(String topic, int partitions, int replicas, long records) {}

  /**
   * @param patience how long to wait for the brokers
   */
  public TopicSurvey(KafkaConnection connection, RunTopics run, Duration patience) {
    this.run = run;
    this.answers = new BrokerAnswers(connection, patience);
    this.admin = Admin.create(connection.adminProperties());
  }

  /**
   * Every topic of the run that exists, by name.
   *
   * @throws KafkaException in a sentence: brokers not reachable
   */
  public List<Layout> layouts() {
    Set<String> existing = answers.await(admin.listTopics().names());
    List<String> ofRun =
        existing.stream().filter(name -> name.startsWith(run.name(""))).sorted().toList();
    Map<String, TopicDescription> descriptions =
        answers.await(admin.describeTopics(ofRun).allTopicNames());
    List<Layout> layouts = new ArrayList<>();
    for (String name : ofRun) {
      TopicDescription topic = descriptions.get(name);
      layouts.add(
          new Layout(
              name,
              topic.partitions().size(),
              topic.partitions().get(0).replicas().size(),
              offsets(topic, OffsetSpec.latest()) - offsets(topic, OffsetSpec.earliest())));
    }
    return List.copyOf(layouts);
  }

  private long offsets(TopicDescription topic, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked =
        topic.partitions().stream()
            .collect(
                Collectors.toMap(
                    partition -> new TopicPartition(topic.name(), partition.partition()),
                    partition -> which));
    return answers.await(admin.listOffsets(asked).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
