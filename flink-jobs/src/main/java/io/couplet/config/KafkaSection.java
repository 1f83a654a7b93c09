package io.couplet.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The broker and how topics are made. */
public record KafkaSection(
    @Doc(
            value = "host:port list; empty in local mode, which starts a broker of its own.",
            allowed = "host:port list, or empty")
        String bootstrapServers,
    @Doc(value = "First part of every topic name, PREFIX.RUN.ENTITY.", allowed = "text")
        String topicPrefix,
    @Doc(
            value =
                "Partitions of the rollouts and reward topics; 0 means as many as flink.parallelism. Topics that have fewer are given more, never less; those whose order matters (problems, the tape) always have one.",
            allowed = "0 or more")
        int partitions,
    @Doc(value = "Replicas of every topic, 1 or more.", allowed = "1 or more")
        int replicationFactor,
    @Doc(
            value =
                "Client properties passed through, for example security.protocol, sasl.jaas.config, ssl.truststore.location. Those on which a run's promises rest, such as acks, are refused.",
            allowed = "keys and values")
        @Secret
        Map<String, String> properties)
    implements java.io.Serializable {
  /** Properties of clients on which delivery, order and the resuming of a run rest. */
  private static final Set<String> OURS =
      Set.of(
          "acks",
          "auto.offset.reset",
          "bootstrap.servers",
          "client.id",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "max.request.size",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  /** What a key that is not set means. */
  public static KafkaSection defaults() {
    return new KafkaSection("", "couplet", 0, 1, Map.of());
  }

  public KafkaSection {
    properties = Map.copyOf(properties);
    for (String key : new TreeMap<>(properties).keySet()) {
      if (OURS.contains(key)) {
        throw new ConfigException(
            "kafka.properties."
                + key
                + " cannot be set: what a run promises rests on the value that Couplet gives it; leave the key out"
                + (key.equals("bootstrap.servers") ? " and set kafka.bootstrap_servers" : ""));
      }
    }
    if (partitions < 0) {
      throw new ConfigException("kafka.partitions must be at least 0, not " + partitions);
    }
    if (replicationFactor < 1) {
      throw new ConfigException(
          "kafka.replication_factor must be at least 1, not " + replicationFactor);
    }
  }
}
