package io.couplet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.process.FreePorts;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.security.SecuredBroker;
import io.couplet.security.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    assertThat(cluster.flinkRun("again", List.of("--config", config(), "--job", "learner")))
        .contains("'c learner'", "goes on from")
        .doesNotContain("'c rollout'");
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
  }

  /** A cluster of its own for one job, made with the submission. */
  private void theLearnerGoesOnInApplicationMode() throws Exception {
    cluster.close();
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
    return LedgerReader.read(kafka, new RunTopics("couplet", "c"));
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
