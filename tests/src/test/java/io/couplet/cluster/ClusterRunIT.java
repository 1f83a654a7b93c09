package io.couplet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.process.FreePorts;
import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.security.SecuredBroker;
import io.couplet.security.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run as it is on a cluster: a Flink cluster, a broker behind TLS and SASL, and diffusion workers
 * behind mutual TLS, each a process of its own; the job jar submitted as {@code flink run} does.
 */
@Timeout(300)
class ClusterRunIT {
  private static final String STORE_PASSWORD = "store-secret";
  private static final String PASSWORD = "sasl-secret";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int WORKERS = 2;
  private static final RunTopics TOPICS = new RunTopics("couplet", "c");
  private static final String REPLAY = "c replay";

  @TempDir private Path directory;
  private final List<AutoCloseable> started = new ArrayList<>();
  private StandaloneCluster cluster;
  private KafkaConnection kafka;

  @AfterEach
  void stop() throws Exception {
    for (int i = started.size() - 1; i >= 0; i--) {
      started.get(i).close();
    }
  }

  @Test
  void aRunTrainsOutlivesATaskManagerResumesReplaysAndShowsNoSecret() throws Exception {
    startEverything();
    String submitted = cluster.flinkRun("submit", List.of("--config", config()));
    assertThat(submitted)
        .contains("'c rollout'", "'c reward'", "'c advantage'", "'c learner'")
        .doesNotContain("goes on from");

    long before = awaitStep(1).lastStep();
    awaitCheckpoints();
    cluster.kill(cluster.hostOf("c learner"));
    awaitStep(before + 3);
    assertNoSecretIsShown();

    stopJobs();
    theLearnerGoesOnFromBeforeADamagedCheckpoint();
    awaitRunning("c learner");
    stopJobs();
    theLearnerGoesOnInApplicationMode();

    Ledger ledger = ledger();
    assertThat(ledger.missingSteps()).isEmpty();
    assertThat(ledger.conflicts()).isEmpty();
    assertThat(ledger.halts()).isEmpty();
    assertThat(couplet("replay", "replay", "c"))
        .contains("verified: " + (ledger.lastStep() + 1) + " of ")
        .doesNotContain("NOT");
    theClusterReplaysTheRun(ledger.lastStep());
    theClusterFindsTheStepWhoseHashWasAltered(2);
  }

  /** Damaged so that Flink alone would restore it without a word. */
  private void theLearnerGoesOnFromBeforeADamagedCheckpoint() throws Exception {
    RetainedFiles learner = new RetainedFiles(cluster.checkpoints().resolve("couplet.c.learner"));
    List<Path> newestFirst = learner.newestFirst();
    assertThat(newestFirst).hasSizeGreaterThan(1);
    learner.awaitSealOf(newestFirst.get(0));
    learner.flipABitThatFlinkDoesNotNotice(newestFirst.get(0));
    assertThat(cluster.flinkRun("again", List.of("--config", config(), "--job", "learner")))
        .contains("'c learner'", "goes on from file:" + newestFirst.get(1))
        .contains(newestFirst.get(0) + " is damaged and passed over")
        .doesNotContain("'c rollout'");
  }

  private void theClusterReplaysTheRun(long last) throws Exception {
    JavaProcess.Ended whole = replay("replay-whole");
    assertThat(whole.code()).as(whole.printed()).isZero();
    assertThat(whole.printed())
        .contains("verified: %d of %1$d steps (0 to %d)".formatted(last + 1, last))
        .doesNotContain("NOT");
    assertThat(replayed()).containsExactly("FINISHED");

    // Nobody waits: the finding is in the log of the TaskManager.
    List<String> some =
        List.of("--config", config(), "--job", "replay", "--from", "1", "--to", "2");
    assertThat(cluster.flinkRun("replay-some", some))
        .contains("Submitted 'c replay' as job", "log of its TaskManager")
        .doesNotContain("verified");
    awaitNoJobs();
    assertThat(replayed()).containsExactly("FINISHED", "FINISHED");
    assertThat(cluster.taskManagerLogs()).contains("verified: 2 of 2 steps (1 to 2)");
  }

  private void theClusterFindsTheStepWhoseHashWasAltered(long step) throws Exception {
    alterTheHashOf(step);
    JavaProcess.Ended altered = replay("replay-altered");
    assertThat(altered.code()).isEqualTo(1);
    String finding = "NOT verified: Step " + step + " differs in its weights: the ledger has ";
    assertThat(altered.printed().lines().filter(line -> line.startsWith(finding)))
        .as(altered.printed())
        .singleElement()
        .asString()
        .contains("The environment is the same", step + " of ", "were equal before it");
    assertThat(replayed()).containsExactly("FINISHED", "FINISHED", "FAILED");
    assertThat(cluster.taskManagerLogs()).contains(finding);
    String id = cluster.rest().jobsOf(REPLAY).get(2).path("jid").asText();
    assertThat(cluster.rest().text("/jobs/" + id + "/exceptions"))
        .contains("Step " + step + " differs in its weights");

    JavaProcess.Ended before = replay("replay-before", "--to", Long.toString(step - 1));
    assertThat(before.code()).as(before.printed()).isZero();
    assertThat(before.printed()).contains("verified: " + step + " of " + step);
    assertNoSecretIsShown();
  }

  /** How the replays ended, in order. */
  private List<String> replayed() throws Exception {
    return cluster.rest().jobsOf(REPLAY).stream().map(job -> job.path("state").asText()).toList();
  }

  private JavaProcess.Ended replay(String name, String... steps) throws Exception {
    return cluster.flinkRunAttached(
        name,
        Stream.concat(Stream.of("--config", config(), "--job", "replay"), Arrays.stream(steps))
            .toList());
  }

  /** Writes the ledger anew, with another hash at one step. */
  private void alterTheHashOf(long step) throws Exception {
    List<LedgerEntry> entries = TopicReader.all(kafka, TOPICS, Topic.LEDGER);
    try (Admin admin = Admin.create(kafka.clientProperties());
        TopicWriter writer = new TopicWriter(kafka, TOPICS)) {
      TopicPartition ledger = new TopicPartition(Topic.LEDGER.in(TOPICS), 0);
      admin.deleteRecords(Map.of(ledger, RecordsToDelete.beforeOffset(-1))).all().get();
      for (LedgerEntry entry : entries) {
        if (entry.getStep() == step) {
          String hash = entry.getWeightsSha256();
          entry.setWeightsSha256((hash.startsWith("0") ? "1" : "0") + hash.substring(1));
        }
      }
      writer.send(Topic.LEDGER, entries);
      writer.flush();
    }
    assertThat(ledger().lastStep()).isEqualTo(entries.get(entries.size() - 1).getStep());
  }

  /** A cluster of its own for one job, made with the submission. The session cluster stays. */
  private void theLearnerGoesOnInApplicationMode() throws Exception {
    StandaloneCluster session = cluster;
    cluster =
        StandaloneCluster.launchApplication(
            directory.resolve("application"),
            session.checkpoints(),
            1,
            List.of(
                "--job-classname",
                "io.couplet.submission.SubmitJobs",
                "--", // else Flink takes --config and --job for options of its own
                "--config",
                config(),
                "--job",
                "learner"));
    started.add(cluster);
    awaitRunning("c learner");
    awaitCheckpoints();
    assertThat(cluster.jobManagerLog())
        .contains("Submitted 'c learner' as job", "which goes on from");
    assertThat(cluster.rest().jobs()).containsOnlyKeys("c learner");
    stopJobs();
    cluster.close();
    cluster = session;
  }

  private void startEverything() throws Exception {
    SelfSigned broker = SelfSigned.make(directory.resolve("keys"), "broker", STORE_PASSWORD);
    SelfSigned jobs = SelfSigned.make(directory.resolve("keys"), "jobs", STORE_PASSWORD);
    SelfSigned worker = SelfSigned.make(directory.resolve("keys"), "worker", STORE_PASSWORD);
    BrokerSettings settings =
        new BrokerSettings(
            directory.resolve("kafka"),
            FreePorts.any(),
            FreePorts.any(),
            SecuredBroker.broker(broker, PASSWORD));
    kafka =
        new KafkaConnection(settings.bootstrapServers(), SecuredBroker.clients(broker, PASSWORD));
    cluster = StandaloneCluster.launch(directory.resolve("flink"), 2, 5);
    started.add(cluster);
    BrokerProcess process = BrokerProcess.launch(settings, directory.resolve("logs"));
    started.add(process);
    List<String> addresses = new ArrayList<>();
    List<JavaProcess> workers = new ArrayList<>();
    for (int i = 1; i <= WORKERS; i++) {
      String address = "127.0.0.1:" + FreePorts.any();
      addresses.add(address);
      workers.add(worker("worker-" + i, address, worker, jobs));
    }
    Files.writeString(
        directory.resolve("run.yaml"),
        yaml(addresses, broker, jobs, worker),
        StandardCharsets.UTF_8);
    process.awaitReady();
    couplet("topics", "topics", "create", "--config", "run.yaml");
    couplet("send", "problems", "send", "--name", "c");
    for (JavaProcess each : workers) {
      while (!each.printed().contains("listening")) {
        each.requireAlive();
        Thread.sleep(50);
      }
    }
    cluster.awaitSlots(10);
  }

  private JavaProcess worker(String name, String address, SelfSigned self, SelfSigned clients)
      throws Exception {
    JavaProcess worker =
        JavaProcess.start(
            JavaProcess.Program.couplet(
                name,
                directory.resolve("logs"),
                List.of(
                    "worker",
                    "--listen",
                    address,
                    "--store",
                    store(),
                    "--threads",
                    "1",
                    "--exit-on-stdin-eof",
                    "--tls-certificate",
                    self.certificate().toString(),
                    "--tls-key",
                    self.key().toString(),
                    "--tls-trust",
                    clients.certificate().toString())));
    started.add(worker);
    return worker;
  }

  /** The secrets stand in a file of their own, which every Kafka client reads where it runs. */
  private String yaml(List<String> workers, SelfSigned broker, SelfSigned jobs, SelfSigned worker)
      throws Exception {
    Path secrets = directory.resolve("keys/kafka.properties");
    Files.writeString(
        secrets,
        "login=" + SecuredBroker.login(PASSWORD) + "\ntruststore=" + STORE_PASSWORD + "\n");
    return """
        name: c
        kafka:
          bootstrap_servers: %s
          partitions: 2
          properties:
            security.protocol: SASL_SSL
            sasl.mechanism: PLAIN
            sasl.jaas.config: ${file:%s:login}
            ssl.truststore.type: PKCS12
            ssl.truststore.location: %s
            ssl.truststore.password: ${file:%2$s:truststore}
            config.providers: file
            config.providers.file.class: org.apache.kafka.common.config.provider.FileConfigProvider
        policy: {initial: '%s', store: '%s', keep_every: 3}
        workers: {endpoints: [%s], certificate: '%s', private_key: '%s', trust: '%s'}
        problems: {count: 32}
        groups: {size: 4}
        admission: {groups_per_update: 2}
        evaluation: {every: 0}
        flink: {checkpoint_interval_ms: 1000}
        """
        .formatted(
            kafka.bootstrapServers(),
            secrets,
            broker.store(),
            Path.of("..", "policies", "base").toRealPath().toUri(),
            store(),
            String.join(", ", workers.stream().map(address -> "'" + address + "'").toList()),
            jobs.certificate(),
            jobs.key(),
            worker.certificate());
  }

  private String store() {
    return directory.resolve("policies").toUri().toString();
  }

  private String config() {
    return directory.resolve("run.yaml").toString();
  }

  private String couplet(String name, String... arguments) throws Exception {
    return JavaProcess.run(
        JavaProcess.Program.couplet(name, directory, List.of(arguments)), PATIENCE);
  }

  private Ledger ledger() {
    return LedgerReader.read(kafka, TOPICS);
  }

  private Ledger awaitStep(long step) throws Exception {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Ledger ledger = ledger();
      if (ledger.lastStep() >= step) {
        return ledger;
      }
      assertThat(System.nanoTime()).as("step " + step + ", " + states()).isLessThan(giveUp);
      Thread.sleep(100);
    }
  }

  /** A failure before the first checkpoint would start from nothing, which is another test. */
  private void awaitCheckpoints() throws Exception {
    for (JsonNode job : cluster.rest().jobs().values()) {
      String path = "/jobs/" + job.path("jid").asText() + "/checkpoints";
      while (cluster.rest().get(path).path("counts").path("completed").asLong() < 1) {
        Thread.sleep(50);
      }
    }
  }

  private void awaitRunning(String job) throws Exception {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!"RUNNING".equals(states().get(job))) {
      assertThat(System.nanoTime())
          .as("%s runs, not %s: %s", job, states(), cluster.jobManagerLog())
          .isLessThan(giveUp);
      Thread.sleep(50);
    }
  }

  private Map<String, String> states() throws Exception {
    Map<String, String> states = new TreeMap<>();
    cluster.rest().jobs().forEach((name, job) -> states.put(name, job.path("state").asText()));
    return states;
  }

  private void stopJobs() throws Exception {
    for (JsonNode job : cluster.rest().jobs().values()) {
      cluster.rest().cancel(job.path("jid").asText());
    }
    awaitNoJobs();
  }

  private void awaitNoJobs() throws Exception {
    while (!cluster.rest().jobs().isEmpty()) {
      Thread.sleep(50);
    }
  }

  private void assertNoSecretIsShown() throws Exception {
    for (String page : cluster.rest().pages()) {
      assertThat(cluster.rest().text(page))
          .as(page)
          .isNotEmpty()
          .doesNotContain(PASSWORD)
          .doesNotContain(STORE_PASSWORD);
    }
    for (Path logs : List.of(cluster.logs(), directory.resolve("logs"), directory)) {
      try (Stream<Path> files = Files.list(logs)) {
        for (Path log : files.filter(file -> file.toString().matches(".*\\.(out|log)")).toList()) {
          assertThat(Files.readString(log))
              .as(log.toString())
              .doesNotContain(PASSWORD)
              .doesNotContain(STORE_PASSWORD);
        }
      }
    }
  }
}
