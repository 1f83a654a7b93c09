package io.couplet.streams;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.broker.EmbeddedBroker;
import io.couplet.local.cluster.ClusterSettings;
import io.couplet.local.cluster.LocalCluster;
import io.couplet.local.process.FreePorts;
import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.Policy;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.serde.RunStreams;
import io.couplet.submission.RunJob;
import io.couplet.worker.scripted.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.JobID;

/** A broker and a mini cluster; each test has a run, and so topics, of its own. */
final class StreamsFixture implements AutoCloseable {
  static final String SOLUTION = "    return x + 1\n";
  static final String CORRUPTION = "    return x\n";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  final KafkaConnection connection;
  LocalCluster cluster;
  private final Path directory;
  private final EmbeddedBroker broker;

  private StreamsFixture(Path directory, KafkaConnection connection, EmbeddedBroker broker)
      throws Exception {
    this.directory = directory;
    this.connection = connection;
    this.broker = broker;
    startCluster();
  }

  private void startCluster() throws Exception {
    cluster =
        LocalCluster.start(
            new ClusterSettings(
                directory.resolve("checkpoints"),
                directory.resolve("scratch"),
                directory.resolve("flink.log"),
                FreePorts.any(),
                FreePorts.any(),
                2,
                1,
                Duration.ofMillis(500)));
  }

  /** Stops the jobs and the cluster under them; the checkpoints stay. */
  void restartCluster() throws Exception {
    cluster.stopJobs();
    cluster.close();
    startCluster();
  }

  static StreamsFixture start(Path directory) throws Exception {
    return start(directory, Map.of(), Map.of());
  }

  /**
   * @param broker properties of a broker that is not open to everyone
   * @param clients what its clients need
   */
  static StreamsFixture start(
      Path directory, Map<String, String> broker, Map<String, String> clients) throws Exception {
    BrokerSettings settings =
        new BrokerSettings(directory.resolve("kafka"), FreePorts.any(), FreePorts.any(), broker);
    EmbeddedBroker started = EmbeddedBroker.start(settings);
    return new StreamsFixture(
        directory, new KafkaConnection(settings.bootstrapServers(), clients), started);
  }

  /** A script for problems named p0, p1, ...: half the samples are right. */
  static Script script(int problems) {
    List<Script.Entry> entries = new ArrayList<>();
    for (int i = 0; i < problems; i++) {
      entries.add(new Script.Entry("p" + i, List.of(SOLUTION), List.of(CORRUPTION), 0.5));
    }
    return Script.of(entries);
  }

  static io.couplet.schemas.Problem problem(String id) {
    return io.couplet.schemas.Problem.newBuilder()
        .setId(id)
        .setPrompt("def add_one(x):\n")
        .setTests(List.of("assert add_one(1) == 2", "assert add_one(-1) == 0"))
        .build();
  }

  static Policy policy(String run, long version, long consumed) {
    return Policy.newBuilder()
        .setRun(run)
        .setVersion(version)
        .setStep(version)
        .setUri("file:///policies/" + version)
        .setSha256("%064x".formatted(version))
        .setSizeBytes(1L)
        .setConsumedGroups(consumed)
        .setCreatedMs(System.currentTimeMillis())
        .build();
  }

  /** Groups of four, a window of four groups. */
  Run run(String name, List<String> workers, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "name=" + name,
                "kafka.bootstrap_servers=\"" + connection.bootstrapServers() + "\"",
                "kafka.partitions=2",
                "workers.endpoints=\"" + String.join(",", workers) + "\"",
                "groups.size=4",
                "decoding.length=64",
                "admission.max_versions_behind=1",
                "admission.groups_per_update=2",
                "rewards.format_weight=0.5"));
    connection
        .properties()
        .forEach((key, value) -> all.add("kafka.properties." + key + "=" + value));
    all.addAll(List.of(settings));
    Run run = new Run(ConfigYaml.with(RunConfig.defaults(), all));
    try (TopicProvisioner provisioner =
        new TopicProvisioner(connection, run.topics, 2, 1, Duration.ofSeconds(60))) {
      provisioner.provisionRun();
    }
    return run;
  }

  /** One run of the test. */
  final class Run implements AutoCloseable {
    final RunConfig config;
    final RunTopics topics;
    final TopicWriter writer;

    Run(RunConfig config) {
      this.config = config;
      topics = RunStreams.topics(config);
      writer = new TopicWriter(connection, topics);
    }

    JobID submitRollout() throws Exception {
      return submit(RunJob.ROLLOUT);
    }

    JobID submitReward() throws Exception {
      return submit(RunJob.REWARD);
    }

    JobID submit(RunJob job) throws Exception {
      return cluster.submit(
          config.name() + " " + job.stage(), environment -> job.define(config, environment));
    }

    <T extends SpecificRecordBase> void send(Topic<T> topic, List<T> values) throws Exception {
      writer.send(topic, values);
      writer.flush();
    }

    void announce(long version, long consumed) throws Exception {
      send(Topic.POLICIES, List.of(policy(config.name(), version, consumed)));
    }

    <T extends SpecificRecordBase> List<T> all(Topic<T> topic) {
      return TopicReader.all(connection, topics, topic);
    }

    /** The topic's records once there are as many; fails when they do not come. */
    <T extends SpecificRecordBase> List<T> await(Topic<T> topic, int count) throws Exception {
      return await(topic, records -> records.size() >= count, count + " records");
    }

    <T extends SpecificRecordBase> List<T> await(
        Topic<T> topic, Predicate<List<T>> enough, String expected) throws Exception {
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        List<T> records = all(topic);
        if (enough.test(records)) {
          return records;
        }
        if (System.nanoTime() > giveUp) {
          throw new AssertionError(
              "Expected "
                  + expected
                  + " on "
                  + topic.in(topics)
                  + ", found "
                  + records.size()
                  + "; jobs "
                  + cluster.states()
                  + " "
                  + cluster.health().failure().orElse(""));
        }
        Thread.sleep(200);
      }
    }

    @Override
    public void close() throws Exception {
      cluster.stopJobs();
      writer.close();
    }
  }

  @Override
  public void close() throws Exception {
    cluster.close();
    broker.close();
  }
}
