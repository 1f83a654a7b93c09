package io.couplet.local.topics;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.process.FreePorts;
import io.couplet.local.rundir.Endpoints;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunLock;
import io.couplet.local.rundir.RunManifest;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.ListeningBrokers;
import io.couplet.schemas.RunTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's topics, whether it is going or not: a run that is going lends its broker; for one that
 * has stopped, its broker is started from the run directory until this object is closed.
 */
public final class RunConnection implements AutoCloseable {
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(5);

  private final RunDirectory directory;
  private final RunConfig config;
  private final Optional<Endpoints> live;
  private final KafkaConnection kafka;
  private final Optional<BrokerProcess> broker;
  private final Optional<RunLock> lock;

  private RunConnection(
      RunDirectory directory,
      RunConfig config,
      Optional<Endpoints> live,
      KafkaConnection kafka,
      Optional<BrokerProcess> broker,
      Optional<RunLock> lock) {
    this.directory = directory;
    this.config = config;
    this.live = live;
    this.kafka = kafka;
    this.broker = broker;
    this.lock = lock;
  }

  /**
   * Connects to a run by its directory.
   *
   * @throws IllegalArgumentException when there is no such run
   */
  public static RunConnection open(RunDirectory directory)
      throws IOException, InterruptedException {
    if (!directory.exists()) {
      List<String> names = RunDirectory.names();
      throw new IllegalArgumentException(
          "There is no run '"
              + directory.name()
              + "' in "
              + directory.path().getParent()
              + (names.isEmpty()
                  ? "; start one with ./couplet run"
                  : "; there is " + String.join(", ", names)));
    }
    RunManifest.open(directory);
    RunConfig config = ConfigYaml.read(directory.config());
    if (!config.kafka().bootstrapServers().isBlank()) {
      KafkaConnection kafka =
          new KafkaConnection(config.kafka().bootstrapServers(), config.kafka().properties());
      ListeningBrokers.require(kafka, BROKER_PATIENCE);
      return new RunConnection(
          directory, config, Endpoints.read(directory), kafka, Optional.empty(), Optional.empty());
    }
    Optional<RunLock> lock = RunLock.tryTake(directory);
    return lock.isPresent() ? ofStopped(directory, config, lock.get()) : ofLive(directory, config);
  }

  private static RunConnection ofLive(RunDirectory directory, RunConfig config) throws IOException {
    Endpoints endpoints =
        Endpoints.read(directory)
            .orElseThrow(
                () ->
                    new IOException(
                        "The run " + directory.name() + " is just starting; try again shortly."));
    return new RunConnection(
        directory,
        config,
        Optional.of(endpoints),
        KafkaConnection.plain(endpoints.kafka()),
        Optional.empty(),
        Optional.empty());
  }

  private static RunConnection ofStopped(RunDirectory directory, RunConfig config, RunLock lock)
      throws IOException, InterruptedException {
    try {
      BrokerSettings settings =
          new BrokerSettings(directory.kafka(), FreePorts.any(), FreePorts.any(), Map.of());
      BrokerProcess broker = BrokerProcess.start(settings, directory.logs());
      return new RunConnection(
          directory,
          config,
          Optional.empty(),
          KafkaConnection.plain(broker.bootstrapServers()),
          Optional.of(broker),
          Optional.of(lock));
    } catch (IOException | InterruptedException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public RunDirectory directory() {
    return directory;
  }

  /** The run's configuration, as its directory holds it. */
  public RunConfig config() {
    return config;
  }

  public KafkaConnection kafka() {
    return kafka;
  }

  public RunTopics topics() {
    return new RunTopics(config.kafka().topicPrefix(), config.name());
  }

  /** Where the run listens; empty when it is not going. */
  public Optional<Endpoints> live() {
    return live;
  }

  @Override
  public void close() throws IOException {
    broker.ifPresent(BrokerProcess::close);
    if (lock.isPresent()) {
      lock.get().close();
    }
  }
}
