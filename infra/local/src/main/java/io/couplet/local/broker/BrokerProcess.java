package io.couplet.local.broker;

import io.couplet.local.process.ChildJvm;
import io.couplet.local.process.ClassArchive;
import io.couplet.schemas.KafkaConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A Kafka broker in a child JVM, at a port of the loopback interface. */
public final class BrokerProcess implements AutoCloseable {
  private static final int HEAP_MEBIBYTES = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ChildJvm jvm;
  private final BrokerSettings settings;

  private final Path logs;

  private BrokerProcess(ChildJvm jvm, BrokerSettings settings, Path logs) {
    this.jvm = jvm;
    this.settings = settings;
    this.logs = logs;
  }

  /**
   * Starts the broker and returns when it answers.
   *
   * @param logs directory of {@code kafka.log} and {@code kafka.out}
   */
  public static BrokerProcess start(BrokerSettings settings, Path logs)
      throws IOException, InterruptedException {
    BrokerProcess broker = launch(settings, logs);
    try {
      broker.awaitReady();
      return broker;
    } catch (IOException | InterruptedException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** Starts the process without waiting for it; {@link #awaitReady} must follow. */
  public static BrokerProcess launch(BrokerSettings settings, Path logs) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(settings.directory().toString());
    arguments.add(Integer.toString(settings.port()));
    arguments.add(Integer.toString(settings.controllerPort()));
    settings.overrides().forEach((key, value) -> arguments.add(key + "=" + value));
    List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
    options.addAll(ClassArchive.BROKER.options());
    ChildJvm jvm =
        ChildJvm.start(
            new ChildJvm.Command(
                "kafka", BrokerMain.class.getName(), HEAP_MEBIBYTES, options, arguments, logs));
    return new BrokerProcess(jvm, settings, logs);
  }

  /** The same broker at the same ports with the same records, after this one has died. */
  public BrokerProcess again() throws IOException {
    return launch(settings, logs);
  }

  /** Returns when the broker answers. */
  public void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    // A plain connection first: the client's back-off would add seconds.
    while (!accepts()) {
      jvm.requireAlive();
      if (System.nanoTime() > end) {
        throw new IOException(
            "The broker did not open port "
                + settings.port()
                + " within "
                + PATIENCE.toSeconds()
                + " s");
      }
      Thread.sleep(20);
    }
    if (settings.overrides().isEmpty()) {
      awaitAnswer();
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    try (Admin admin = Admin.create(KafkaConnection.plain(bootstrapServers()).adminProperties())) {
      while (admin.describeCluster().nodes().get().isEmpty()) {
        Thread.sleep(20);
      }
    } catch (ExecutionException e) {
      jvm.requireAlive();
      throw new IOException("The broker does not answer: " + e.getCause().getMessage(), e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), settings.port())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public String bootstrapServers() {
    return settings.bootstrapServers();
  }

  public ChildJvm jvm() {
    return jvm;
  }

  @Override
  public void close() {
    jvm.close();
  }
}
