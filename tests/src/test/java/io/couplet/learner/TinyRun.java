package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.replay.Replay;
import io.couplet.replay.ReplayReport;
import io.couplet.replay.ReplaySettings;
import io.couplet.schemas.Group;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.serde.RunStreams;
import io.couplet.store.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A run whose tape a test writes itself: topics on a broker, the policy of {@link TinyTape} and the
 * settings that go with it. Two groups make an update.
 */
final class TinyRun {
  static final String NAME = "tiny";

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path directory;
  private final RunConfig config;
  private final KafkaConnection connection;
  private final RunTopics topics;

  private TinyRun(Path directory, RunConfig config) {
    this.directory = directory;
    this.config = config;
    this.connection = RunStreams.connection(config);
    this.topics = RunStreams.topics(config);
  }

  /**
   * Creates the run's topics and its initial policy; starts nothing.
   *
   * @param settings {@code a.b=c}, laid over those of every tiny run
   */
  static TinyRun on(String bootstrapServers, Path directory, String... settings) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "name=" + NAME,
                "seed=5",
                "kafka.bootstrap_servers=" + bootstrapServers,
                "policy.initial=" + TinyTape.initialPolicy(directory.resolve("initial")),
                "policy.store=" + directory.resolve("store"),
                "decoding.length=" + TinyTape.LENGTH,
                "scoring.inner_iterations=1",
                "admission.groups_per_update=2",
                "learner.threads=1"));
    all.addAll(List.of(settings));
    TinyRun run = new TinyRun(directory, ConfigYaml.with(RunConfig.defaults(), all));
    try (TopicProvisioner provisioner =
        new TopicProvisioner(run.connection, run.topics, 1, 1, Duration.ofSeconds(60))) {
      provisioner.provisionRun();
    }
    return run;
  }

  RunConfig config() {
    return config;
  }

  KafkaConnection connection() {
    return connection;
  }

  RunTopics topics() {
    return topics;
  }

  /** A group of this run; without variance where the advantage is 0. */
  static Group group(String id, long version, float advantage) {
    return TinyTape.group(NAME, id, version, advantage);
  }

  /** Appends groups to the tape, in this order; returns when the broker has them all. */
  void write(List<Group> groups) throws Exception {
    RecordCodec<Group> codec = RecordCodec.of(Topic.GROUPS);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (Group group : groups) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topic.GROUPS.in(topics),
                    "tape".getBytes(StandardCharsets.UTF_8),
                    codec.encode(group))));
      }
      for (Future<?> record : sent) {
        record.get();
      }
    }
  }

  /** Returns when the ledger has the step. */
  void awaitStep(long step) throws Exception {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (ledger().lastStep() < step) {
      assertThat(System.nanoTime()).as("time to reach step %s", step).isLessThan(giveUp);
      Thread.sleep(200);
    }
  }

  Ledger ledger() throws IOException {
    return LedgerReader.read(connection, topics);
  }

  /** The ledger, in which no step is missing, none is told twice with two hashes, none halted. */
  Ledger wholeLedger() throws IOException {
    Ledger ledger = ledger();
    assertThat(ledger.missingSteps()).isEmpty();
    assertThat(ledger.conflicts()).isEmpty();
    assertThat(ledger.halts()).isEmpty();
    return ledger;
  }

  /** Computes the updates after step {@code from} up to {@code to} again. */
  ReplayReport replay(Ledger ledger, long from, long to) throws IOException {
    try (Tape tape = Tape.of(connection, topics);
        LearnerStore store =
            new LearnerStore(
                ObjectStores.open(config.policy().store()), directory.resolve("scratch"))) {
      return new Replay(
              ledger,
              tape,
              store,
              ReplaySettings.of(config),
              policy -> PolicyTrainer.open(config, policy),
              directory.resolve("check"),
              step -> {})
          .compare(from, to);
    }
  }
}
