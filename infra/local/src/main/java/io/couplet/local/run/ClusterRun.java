package io.couplet.local.run;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunLock;
import io.couplet.local.rundir.RunManifest;
import io.couplet.serde.RunStreams;
import java.io.IOException;

/** A run whose broker, workers and jobs are elsewhere. */
public final class ClusterRun {
  private ClusterRun() {}

  /**
   * Makes the topics and what they must hold before the jobs start, and makes the run known here by
   * name. Doing it again changes nothing.
   *
   * @throws ConfigException the configuration names no brokers
   */
  public static void prepare(RunConfig config) throws IOException, InterruptedException {
    if (config.kafka().bootstrapServers().isBlank()) {
      throw new ConfigException(
          "kafka.bootstrap_servers is empty: name the brokers of the run, host:port,... (a run in"
              + " local mode makes its topics by itself)");
    }
    RunDirectory directory = RunDirectory.of(config.name());
    try (RunLock lock = RunLock.tryTake(directory).orElseThrow(() -> busy(config))) {
      RunManifest.open(directory);
      RunConfiguration.save(directory, config);
      RunPreparation.prepare(RunStreams.connection(config), RunStreams.topics(config), config);
    }
  }

  private static IOException busy(RunConfig config) {
    return new IOException(
        "The run '" + config.name() + "' is going in local mode. Choose another name.");
  }
}
