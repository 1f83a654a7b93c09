package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.process.FreePorts;
import io.couplet.replay.Replay;
import io.couplet.replay.ReplaySettings;
import io.couplet.schemas.Group;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.serde.RunStreams;
import io.couplet.store.ObjectStores;
import io.couplet.submission.JobDefaults;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The learner job on a broker that is killed under it, with the job settings of every run. */
@Timeout(300)
class BrokerLossIT {
  private static final int BEFORE = 5;
  private static final int AFTER = 5;

  @TempDir static Path directory;

  private RunConfig config;
  private KafkaConnection connection;
  private RunTopics topics;

  @Test
  void aLearnerOutlivesABrokerThatIsKilledAndStartedOnTheSameData() throws Exception {
    BrokerSettings settings =
        new BrokerSettings(directory.resolve("kafka"), FreePorts.any(), FreePorts.any(), Map.of());
    BrokerProcess broker = BrokerProcess.start(settings, directory.resolve("logs"));
    JobClient job = null;
    try {
      prepare(settings);
      write(0, BEFORE);
      job = startLearner();
      awaitStep(BEFORE);
      ProcessHandle process = ProcessHandle.of(broker.jvm().pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().join();
      broker.close();
      // Long enough for clients to see the connection refused more than once.
      Thread.sleep(1_000);
      broker = BrokerProcess.start(settings, directory.resolve("logs"));
      write(BEFORE, BEFORE + AFTER);
      awaitStep(BEFORE + AFTER);
      assertTheLedgerIsThatOfAnUndisturbedRun();
    } finally {
      if (job != null) {
        job.cancel().get();
      }
      broker.close();
    }
  }

  private void prepare(BrokerSettings settings) throws Exception {
    config =
        ConfigYaml.with(
            RunConfig.defaults(),
            List.of(
                "name=loss",
                "seed=5",
                "kafka.bootstrap_servers=" + settings.bootstrapServers(),
                "policy.initial=" + TinyTape.initialPolicy(directory.resolve("initial")),
                "policy.store=" + directory.resolve("store"),
                "decoding.length=" + TinyTape.LENGTH,
                "scoring.inner_iterations=1",
                "admission.groups_per_update=2",
                "learner.threads=1"));
    connection = RunStreams.connection(config);
    topics = RunStreams.topics(config);
    try (TopicProvisioner provisioner =
        new TopicProvisioner(connection, topics, 1, 1, Duration.ofSeconds(60))) {
      provisioner.provisionRun();
    }
  }

  private void write(int from, int to) throws Exception {
    RecordCodec<Group> codec = RecordCodec.of(Topic.GROUPS);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int step = from; step < to; step++) {
        long version = Math.max(0, step - 1);
        for (String id : List.of("a" + step, "b" + step)) {
          producer
              .send(
                  new ProducerRecord<>(
                      Topic.GROUPS.in(topics),
                      "tape".getBytes(StandardCharsets.UTF_8),
                      codec.encode(
                          TinyTape.group("loss", id, version, id.startsWith("a") ? 0.5f : -0.25f))))
              .get();
        }
      }
    }
  }

  private JobClient startLearner() throws Exception {
    Configuration flink = new Configuration();
    JobDefaults.settings().forEach(flink::setString);
    flink.setString("state.backend.type", "hashmap");
    flink.setString("execution.checkpointing.interval", "300 ms");
    flink.setString("execution.checkpointing.dir", directory.resolve("chk").toUri().toString());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, flink);
    LearnerJob.define(config, environment);
    return environment.executeAsync("learner");
  }

  private void awaitStep(long step) throws Exception {
    long giveUp = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (LedgerReader.read(connection, topics).lastStep() < step) {
      assertThat(System.nanoTime()).as("time to reach step %s", step).isLessThan(giveUp);
      Thread.sleep(200);
    }
  }

  private void assertTheLedgerIsThatOfAnUndisturbedRun() throws Exception {
    Ledger ledger = LedgerReader.read(connection, topics);
    assertThat(ledger.missingSteps()).isEmpty();
    assertThat(ledger.conflicts()).isEmpty();
    assertThat(ledger.halts()).isEmpty();
    List<String> used = new ArrayList<>();
    ledger
        .steps()
        .values()
        .forEach(entry -> entry.getGroups().stream().map(LedgerGroup::getGroup).forEach(used::add));
    List<String> sent = new ArrayList<>();
    for (int step = 0; step < BEFORE + AFTER; step++) {
      sent.addAll(List.of("a" + step, "b" + step));
    }
    assertThat(used).as("each group is used once, in tape order").isEqualTo(sent);
    try (Tape tape = Tape.of(connection, topics);
        LearnerStore store =
            new LearnerStore(
                ObjectStores.open(config.policy().store()), directory.resolve("scratch"))) {
      Replay replay =
          new Replay(
              ledger,
              tape,
              store,
              ReplaySettings.of(config),
              policy -> PolicyTrainer.open(config, policy),
              directory.resolve("check"),
              step -> {});
      assertThat(replay.compare(0, BEFORE + AFTER).verified()).isTrue();
    }
  }
}
