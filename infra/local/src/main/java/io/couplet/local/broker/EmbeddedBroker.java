package io.couplet.local.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * A Kafka broker in this JVM. Kafka halts its JVM on fatal errors, so local mode runs it in a child
 * ({@link BrokerProcess}); tests may run it in their own.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private final KafkaRaftServer server;

  private EmbeddedBroker(KafkaRaftServer server) {
    this.server = server;
  }

  /** Formats the directory on first use and starts the broker; returns when it serves. */
  public static EmbeddedBroker start(BrokerSettings settings) throws IOException {
    format(settings);
    Properties properties = settings.properties();
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(server);
  }

  private static void format(BrokerSettings settings) throws IOException {
    String directory = settings.directory().toString();
    if (Files.exists(settings.directory().resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(settings.directory());
    Formatter formatter = new Formatter();
    formatter
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(BrokerSettings.NODE)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(directory)
        .setMetadataLogDirectory(directory)
        .setControllerListenerName("CONTROLLER")
        .setIgnoreFormatted(true)
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES);
    try {
      formatter.run();
    } catch (Exception e) {
      throw new IOException("The broker's directory " + directory + " cannot be formatted", e);
    }
  }

  /** Returns when the broker has stopped for whatever reason. */
  public void awaitStopped() {
    server.awaitShutdown();
  }

  /** Writes everything to disk and stops. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
