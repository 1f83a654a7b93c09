package io.couplet.local.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * A single-node KRaft broker that listens on loopback only and keeps every record.
 *
 * @param directory log directory, formatted on first use
 * @param port port clients connect to
 * @param controllerPort port of the controller's listener
 * @param overrides broker properties laid over these, for example a TLS listener
 */
public record BrokerSettings(
    Path directory, int port, int controllerPort, Map<String, String> overrides) {
  static final int NODE = 1;
  private static final int LARGEST_RECORD = 16 << 20;

  public BrokerSettings {
    directory = directory.toAbsolutePath();
    overrides = Map.copyOf(overrides);
  }

  /** What clients connect to. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  Properties properties() {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            Integer.toString(NODE),
            "controller.quorum.voters",
            NODE + "@127.0.0.1:" + controllerPort,
            "controller.listener.names",
            "CONTROLLER",
            "inter.broker.listener.name",
            "CLIENTS",
            "listener.security.protocol.map",
            "CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT",
            "listeners",
            "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "advertised.listeners",
            "CLIENTS://127.0.0.1:" + port,
            "log.dirs",
            directory.toString(),
            "auto.create.topics.enable",
            "false"));
    // One node: what is replicated elsewhere has one copy here.
    properties.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "4",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "share.coordinator.state.topic.num.partitions", "1",
            "group.initial.rebalance.delay.ms", "0",
            "transaction.max.timeout.ms", "3600000"));
    // After kill -9 the controller takes the new process for a second broker, and refuses it, until
    // the session of the old one has ended. A heartbeat costs some 3 ms of processor time.
    properties.putAll(
        Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "1000"));
    properties.putAll(
        Map.of(
            // Two records a second, each synced, would tell controllers elsewhere that this one
            // lives.
            "metadata.max.idle.interval.ms", "30000",
            // The default takes 128 MB of heap.
            "log.cleaner.dedupe.buffer.size", "4194304",
            "num.network.threads", "2",
            "num.io.threads", "2",
            "background.threads", "2",
            // Replay needs the log; the catalogue sets retention where it is wanted.
            "log.retention.ms", "-1",
            "log.segment.bytes", Integer.toString(128 << 20),
            "message.max.bytes", Integer.toString(LARGEST_RECORD),
            "replica.fetch.max.bytes", Integer.toString(LARGEST_RECORD)));
    // Each of them looks three times a second whether there is anything to do.
    properties.putAll(Map.of("group.coordinator.threads", "1", "share.coordinator.threads", "1"));
    properties.putAll(overrides);
    return properties;
  }
}
