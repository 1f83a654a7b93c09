package io.couplet.schemas;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class ListeningBrokersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void oneOfSeveralIsEnough() throws IOException {
    int nobody = portWithoutListener();
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String servers = "127.0.0.1:" + nobody + ", 127.0.0.1:" + broker.getLocalPort();
      ListeningBrokers.require(KafkaConnection.plain(servers), PATIENCE);
    }
  }

  @Test
  void nobodyListensIsASentenceWithTheAddress() throws IOException {
    String address = "127.0.0.1:" + portWithoutListener();
    assertThatThrownBy(() -> ListeningBrokers.require(KafkaConnection.plain(address), PATIENCE))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("No Kafka broker listens")
        .hasMessageContaining(address + ": Connection refused");
  }

  @Test
  void whatIsNoAddressIsNamed() {
    assertThatThrownBy(() -> ListeningBrokers.require(KafkaConnection.plain("broker"), PATIENCE))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("kafka.bootstrap_servers is 'broker'");
  }

  private static int portWithoutListener() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return taken.getLocalPort();
    }
  }
}
