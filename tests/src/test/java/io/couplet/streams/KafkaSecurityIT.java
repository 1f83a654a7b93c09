package io.couplet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.config.ConfigYaml;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.security.SecuredBroker;
import io.couplet.security.SelfSigned;
import io.couplet.worker.scripted.ScriptedWorker;
import java.nio.file.Path;
import java.time.Duration;
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
    SelfSigned identity = SelfSigned.make(directory, "broker", STORE_PASSWORD);
    clients = SecuredBroker.clients(identity, PASSWORD);
    streams = StreamsFixture.start(directory, SecuredBroker.broker(identity, PASSWORD), clients);
  }

  @AfterAll
  static void stop() throws Exception {
    streams.close();
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
    wrong.put("sasl.jaas.config", SecuredBroker.login("guess"));
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
