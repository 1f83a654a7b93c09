package io.couplet.schemas;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Creates the topics of a run as the catalogue states, checks those that exist, and publishes the
 * schemas. Brokers need not (and ours do not) create topics by themselves.
 */
public final class TopicProvisioner implements AutoCloseable {
  private final KafkaConnection connection;
  private final RunTopics run;
  private final int spreadPartitions;
  private final short replication;
  private final Duration patience;
  private final Admin admin;
  private final BrokerAnswers answers;

  /**
   * @param spreadPartitions partitions of topics whose order across keys does not matter
   * @param replication replicas of each topic
   * @param patience how long to wait for the brokers
   * @throws KafkaException in a sentence, when none of the brokers listens
   */
  public TopicProvisioner(
      KafkaConnection connection,
      RunTopics run,
      int spreadPartitions,
      int replication,
      Duration patience) {
    this.connection = connection;
    this.run = run;
    this.spreadPartitions = spreadPartitions;
    this.replication = (short) replication;
    this.patience = patience;
    this.answers = new BrokerAnswers(connection, patience);
    ListeningBrokers.require(connection, patience);
    Properties properties = connection.adminProperties();
    properties.setProperty("default.api.timeout.ms", Long.toString(patience.toMillis()));
    properties.setProperty(
        "request.timeout.ms", Long.toString(Math.min(30_000, patience.toMillis())));
    admin = Admin.create(properties);
  }

  /**
   * Makes every topic that each run has, and publishes the schemas of this build.
   *
   * @throws KafkaException in a sentence: brokers not reachable, or a topic not as it must be
   */
  public void provisionRun() {
    provision(ofRun());
    publishSchemas();
  }

  /** A topic as it is to be; {@code exact} where its order across keys matters. */
  private record Wanted(NewTopic topic, boolean exact) {
    String name() {
      return topic.name();
    }
  }

  private List<Wanted> ofRun() {
    List<Wanted> wanted = new ArrayList<>();
    Topic.ofEveryRun().forEach(topic -> wanted.add(wanted(topic)));
    wanted.add(
        new Wanted(
            new NewTopic(run.schemas(), Optional.of(1), Optional.of(replication))
                .configs(Map.of("cleanup.policy", "compact")),
            true));
    return wanted;
  }

  /**
   * Checks that the topics are there, for who may read and write them but not make any.
   *
   * @throws KafkaException in a sentence: brokers not reachable, or topics missing
   */
  public void requireRun() {
    Set<String> existing = answer(admin.listTopics().names());
    List<String> missing =
        ofRun().stream().map(Wanted::name).filter(name -> !existing.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new KafkaException(
          "Kafka at "
              + connection.bootstrapServers()
              + " has no topic "
              + String.join(", ", missing)
              + ". Make the topics of the run first: couplet topics create --config FILE");
    }
  }

  /** Makes one topic, for example that of a new reward source. */
  public void provision(Topic<?> topic) {
    provision(List.of(wanted(topic)));
  }

  private Wanted wanted(Topic<?> topic) {
    int partitions = topic.exactPartitions() ? topic.partitions() : spreadPartitions;
    return new Wanted(
        new NewTopic(topic.in(run), Optional.of(partitions), Optional.of(replication))
            .configs(topic.configuration()),
        topic.exactPartitions());
  }

  private void provision(List<Wanted> wanted) {
    Set<String> existing = answer(admin.listTopics().names());
    List<NewTopic> missing =
        wanted.stream()
            .filter(topic -> !existing.contains(topic.name()))
            .map(Wanted::topic)
            .toList();
    List<Wanted> present =
        wanted.stream().filter(topic -> existing.contains(topic.name())).toList();
    admin.createTopics(missing).values().values().forEach(this::createdByAnyone);
    missing.forEach(this::awaitVisible);
    check(present);
  }

  /** Two processes may start at once; whoever comes second finds the topic made. */
  private void createdByAnyone(Future<Void> creation) {
    try {
      answer(creation);
    } catch (TopicExistsException e) {
      // As wanted: it is there.
    }
  }

  /** Creation returns before the brokers know the topic; clients would fail on it until then. */
  private void awaitVisible(NewTopic topic) {
    Map<TopicPartition, OffsetSpec> ends =
        IntStream.range(0, topic.numPartitions())
            .mapToObj(partition -> new TopicPartition(topic.name(), partition))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    long giveUp = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        answer(admin.listOffsets(ends).all());
        return;
      } catch (KafkaException e) {
        if (System.nanoTime() > giveUp) {
          throw e;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new org.apache.kafka.common.errors.InterruptException(e);
      }
    }
  }

  private void check(List<Wanted> present) {
    List<String> names = present.stream().map(Wanted::name).toList();
    Map<String, TopicDescription> descriptions =
        answer(admin.describeTopics(names).allTopicNames());
    Map<ConfigResource, Config> configs =
        answer(
            admin
                .describeConfigs(
                    names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all());
    Map<String, Config> configOf = new HashMap<>();
    configs.forEach((resource, config) -> configOf.put(resource.name(), config));
    for (Wanted wanted : present) {
      int partitions = descriptions.get(wanted.name()).partitions().size();
      if (wanted.exact()) {
        requirePartitions(wanted.topic(), partitions);
      } else if (partitions < wanted.topic().numPartitions()) {
        widen(wanted.topic());
      }
      checkConfiguration(wanted.topic(), configOf.get(wanted.name()));
    }
  }

  private static void requirePartitions(NewTopic wanted, int found) {
    if (found != wanted.numPartitions()) {
      throw new KafkaException(
          "Topic "
              + wanted.name()
              + " must have one partition, because its order matters; found "
              + found
              + ". Delete the topic or choose another run name.");
    }
  }

  /**
   * A run that has been given more subtasks. Records of one group may then lie in two partitions,
   * which nobody minds: readers part them by key again.
   */
  private void widen(NewTopic wanted) {
    NewPartitions more = NewPartitions.increaseTo(wanted.numPartitions());
    answer(admin.createPartitions(Map.of(wanted.name(), more)).all());
    awaitVisible(wanted);
  }

  private static void checkConfiguration(NewTopic wanted, Config found) {
    String cleanup = found.get("cleanup.policy").value();
    String expected = wanted.configs().get("cleanup.policy");
    if (!expected.equals(cleanup)) {
      throw new KafkaException(
          "Topic "
              + wanted.name()
              + " must have cleanup.policy="
              + expected
              + "; found "
              + cleanup
              + ". Change it with kafka-configs or choose another run name.");
    }
    String needed = wanted.configs().get("max.message.bytes");
    long allowed = Long.parseLong(found.get("max.message.bytes").value());
    if (needed != null && allowed < Long.parseLong(needed)) {
      throw new KafkaException(
          "Topic "
              + wanted.name()
              + " must take records of "
              + needed
              + " bytes (max.message.bytes); found "
              + allowed
              + ". Change it with kafka-configs.");
    }
  }

  private void publishSchemas() {
    Properties properties = connection.clientProperties();
    properties.setProperty("max.block.ms", Long.toString(patience.toMillis()));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Schema schema : CompiledSchemas.all()) {
        sent.add(producer.send(schemaRecord(run, schema)));
      }
      producer.flush();
      sent.forEach(this::answer);
    }
  }

  /** A schema as the schemas topic holds it: fingerprint in hex to JSON. */
  static ProducerRecord<byte[], byte[]> schemaRecord(RunTopics run, Schema schema) {
    String key = CompiledSchemas.hex(CompiledSchemas.fingerprint(schema));
    return new ProducerRecord<>(
        run.schemas(),
        key.getBytes(StandardCharsets.UTF_8),
        schema.toString().getBytes(StandardCharsets.UTF_8));
  }

  private <R> R answer(Future<R> future) {
    return answers.await(future);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
