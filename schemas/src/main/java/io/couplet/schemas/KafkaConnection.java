package io.couplet.schemas;

import java.io.Serializable;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach Kafka: brokers, and client properties for TLS and SASL ({@code security.protocol},
 * {@code ssl.*}, {@code sasl.*}), the same for every client of a run. {@link #toString()} shows no
 * property values, for they may be secrets.
 *
 * @param bootstrapServers {@code host:port,...}
 * @param properties further client properties; may be empty
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties)
    implements Serializable {
  public KafkaConnection {
    if (bootstrapServers == null || bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("A Kafka connection needs bootstrap servers (host:port)");
    }
    properties = Map.copyOf(properties);
  }

  /** Plain text, no authentication. */
  public static KafkaConnection plain(String bootstrapServers) {
    return new KafkaConnection(bootstrapServers, Map.of());
  }

  /** Everything a Kafka client needs to connect. */
  public Properties clientProperties() {
    Properties all = new Properties();
    properties.forEach(all::setProperty);
    all.setProperty("bootstrap.servers", bootstrapServers);
    return all;
  }

  /**
   * The same for an {@code Admin} client and for what contains one, as Flink's source does. Kafka's
   * admin client, while no broker answers, goes back to the bootstrap servers thousands of times a
   * second and logs each time; this keeps it to the brokers that it knows, at its normal pauses. A
   * {@code metadata.recovery.strategy} among the connection's own properties stands.
   */
  public Properties adminProperties() {
    Properties all = clientProperties();
    all.putIfAbsent(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
    return all;
  }

  @Override
  public String toString() {
    return "KafkaConnection[" + bootstrapServers + ", " + new TreeMap<>(properties).keySet() + "]";
  }
}
