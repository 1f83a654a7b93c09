package io.couplet.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.local.process.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessIT {
  @TempDir private Path temporary;

  @Test
  void topicsSurviveARestartAndTheProcessEndsWithItsHandle() throws Exception {
    BrokerSettings settings = settings(FreePorts.any());
    long pid;
    try (BrokerProcess broker = BrokerProcess.start(settings, temporary.resolve("logs"))) {
      pid = broker.jvm().pid();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      }
    }
    assertThat(ProcessHandle.of(pid)).isEmpty();

    try (BrokerProcess broker = BrokerProcess.start(settings, temporary.resolve("logs"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get()).contains("kept");
    }
  }

  @Test
  void aBrokerEndsWhenItsParentIsKilled() throws Exception {
    BrokerSettings settings = settings(FreePorts.any());
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerParent.class.getName(),
                settings.directory().toString(),
                Integer.toString(settings.port()),
                Integer.toString(settings.controllerPort()),
                temporary.resolve("logs").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long broker = Long.parseLong(parent.inputReader().readLine());
      assertThat(ProcessHandle.of(broker)).isPresent();

      parent.destroyForcibly().waitFor();

      ProcessHandle.of(broker).ifPresent(BrokerProcessIT::awaitEnd);
      assertThat(ProcessHandle.of(broker)).isEmpty();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aBrokerThatCannotStartSaysSoAndLeavesNoProcess() throws Exception {
    BrokerSettings settings = settings(FreePorts.any());
    // Found when Kafka has many threads already, which outlive the failure.
    try (ServerSocket taken =
        new ServerSocket(settings.port(), 1, InetAddress.getLoopbackAddress())) {
      BrokerProcess broken = BrokerProcess.launch(settings, temporary.resolve("logs"));

      ProcessHandle.of(broken.jvm().pid()).ifPresent(BrokerProcessIT::awaitEnd);
      assertThatThrownBy(broken.jvm()::requireAlive)
          .hasMessageContaining("ended with exit code 1")
          .hasMessageContaining("The broker cannot start on " + settings.directory())
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void aTakenPortIsSaidInASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> FreePorts.choose(taken.getLocalPort(), 0, "local.kafka_port"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("local.kafka_port")
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
      assertThat(FreePorts.choose(0, taken.getLocalPort(), "local.kafka_port"))
          .isNotEqualTo(taken.getLocalPort());
    }
  }

  private BrokerSettings settings(int port) throws IOException {
    return new BrokerSettings(temporary.resolve("kafka"), port, FreePorts.any(), Map.of());
  }

  private static void awaitEnd(ProcessHandle process) {
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
