package io.couplet.schemas;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * A quick look at whether any broker listens. Kafka's own clients try again and again, for a minute
 * and without a word, at an address that refuses every connection.
 */
public final class ListeningBrokers {
  private ListeningBrokers() {}

  /**
   * Returns when one of the bootstrap servers accepts a TCP connection.
   *
   * @param patience for each attempt to connect
   * @throws KafkaException in a sentence: what was tried and what came of it
   */
  public static void require(KafkaConnection connection, Duration patience) {
    List<String> failures = new ArrayList<>();
    for (InetSocketAddress address : addresses(connection)) {
      try (Socket socket = new Socket()) {
        socket.connect(address, (int) patience.toMillis());
        return;
      } catch (IOException e) {
        failures.add(address.getHostString() + ":" + address.getPort() + ": " + e.getMessage());
      }
    }
    throw new KafkaException(
        "No Kafka broker listens at kafka.bootstrap_servers ("
            + String.join("; ", failures)
            + "). Start it, or name the brokers that are there.");
  }

  private static List<InetSocketAddress> addresses(KafkaConnection connection) {
    try {
      return ClientUtils.parseAndValidateAddresses(
          List.of(connection.bootstrapServers().split("\\s*,\\s*")), "use_all_dns_ips");
    } catch (ConfigException e) {
      throw new KafkaException(
          "kafka.bootstrap_servers is '"
              + connection.bootstrapServers()
              + "', which names no address that is known here: "
              + e.getMessage(),
          e);
    }
  }
}
