package io.couplet.config;

import java.util.Map;

/** The broker and how topics are made. */
public record KafkaSection(
    @Doc("host:port list; empty in local mode, which starts a broker of its own.")
        String bootstrapServers,
    @Doc("First part of every topic name, PREFIX.RUN.ENTITY.") String topicPrefix,
    @Doc(
            "Partitions of the rollouts and reward topics, 1 or more; topics whose order matters (problems, the tape) always have one.")
        int partitions,
    @Doc("Replicas of every topic, 1 or more.") int replicationFactor,
    @Doc(
            "Client properties passed through, for example security.protocol, sasl.jaas.config, ssl.truststore.location.")
        @Secret
        Map<String, String> properties)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static KafkaSection defaults() {
    return new KafkaSection("", "couplet", 4, 1, Map.of());
  }

  public KafkaSection {
    properties = Map.copyOf(properties);
    if (partitions < 1) {
      throw new ConfigException("kafka.partitions must be at least 1, not " + partitions);
    }
    if (replicationFactor < 1) {
      throw new ConfigException(
          "kafka.replication_factor must be at least 1, not " + replicationFactor);
    }
  }
}
