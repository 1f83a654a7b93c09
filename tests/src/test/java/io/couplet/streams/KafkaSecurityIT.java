package io.couplet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.config.ConfigYaml;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.worker.scripted.ScriptedWorker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker behind TLS and SASL, reached by configuration alone. */
@Timeout(300)
class KafkaSecurityIT {
  private static final String STORE_PASSWORD = "store-secret";
  private static final String PASSWORD = "sasl-secret";

  @TempDir static Path directory;
  private static StreamsFixture streams;
  private static Map<String, String> clients;

  @BeforeAll
  static void start() throws Exception {
    Path keys = directory.resolve("broker.p12");
    makeCertificate(keys);
    clients =
        Map.of(
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            login(PASSWORD),
            "ssl.truststore.type",
            "PKCS12",
            "ssl.truststore.location",
            keys.toString(),
            "ssl.truststore.password",
            STORE_PASSWORD);
    Map<String, String> broker = new HashMap<>();
    broker.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,CLIENTS:SASL_SSL");
    broker.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    broker.put("listener.name.clients.sasl.enabled.mechanisms", "PLAIN");
    broker.put(
        "listener.name.clients.plain.sasl.jaas.config",
        login(PASSWORD).replace(";", " user_couplet=\"" + PASSWORD + "\";"));
    for (String store : List.of("keystore", "truststore")) {
      broker.put("ssl." + store + ".type", "PKCS12");
      broker.put("ssl." + store + ".location", keys.toString());
      broker.put("ssl." + store + ".password", STORE_PASSWORD);
    }
    streams = StreamsFixture.start(directory, broker, clients);
  }

  @AfterAll
  static void stop() throws Exception {
    streams.close();
  }

  private static String login(String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required"
        + " username=\"couplet\" password=\""
        + password
        + "\";";
  }

  /** A self-signed certificate that is its own authority, in a store that both sides read. */
  private static void makeCertificate(Path store) throws Exception {
    String certificate = store.resolveSibling("broker.crt").toString();
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "broker",
        "-keyalg",
        "EC",
        "-dname",
        "CN=broker",
        "-ext",
        "san=ip:127.0.0.1",
        "-ext",
        "bc:c");
    keytool(store, "-exportcert", "-alias", "broker", "-file", certificate);
    keytool(store, "-importcert", "-noprompt", "-alias", "authority", "-file", certificate);
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass"));
    command.add(STORE_PASSWORD);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }

  @Test
  void theJobsReachItByConfigurationAlone() throws Exception {
    try (ScriptedWorker worker =
            ScriptedWorker.start(ScriptedWorker.Options.of(StreamsFixture.script(1)));
        StreamsFixture.Run run =
            streams.run("secured", List.of(worker.address().toString()), "problems.epochs=1")) {
      run.submitRollout();
      run.announce(0, 0);
      run.send(Topic.PROBLEMS, List.of(StreamsFixture.problem("p0")));
      assertThat(run.await(Topic.ROLLOUTS, 4)).hasSize(4);
      assertThat(ConfigYaml.writePublic(run.config))
          .doesNotContain(PASSWORD)
          .doesNotContain(STORE_PASSWORD);
    }
  }

  @Test
  void aWrongPasswordIsRefusedWithItsReason() {
    Map<String, String> wrong = new HashMap<>(clients);
    wrong.put("sasl.jaas.config", login("guess"));
    assertThatThrownBy(() -> provision(wrong, "guessing"))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("Authentication failed");
  }

  @Test
  void aClientWithoutTlsGetsNoAnswerAndASentence() {
    assertThatThrownBy(() -> provision(Map.of(), "plain"))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("did not answer within")
        .hasMessageContaining("kafka.properties");
  }

  private static void provision(Map<String, String> properties, String run) {
    KafkaConnection connection =
        new KafkaConnection(streams.connection.bootstrapServers(), properties);
    try (TopicProvisioner provisioner =
        new TopicProvisioner(
            connection, new RunTopics("couplet", run), 1, 1, Duration.ofSeconds(5))) {
      provisioner.provisionRun();
    }
  }
}
