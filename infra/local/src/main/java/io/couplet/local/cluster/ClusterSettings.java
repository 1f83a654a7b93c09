package io.couplet.local.cluster;

import io.couplet.submission.JobDefaults;
import io.couplet.submission.SealedCheckpointStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.configuration.Configuration;

/**
 * A Flink cluster inside this JVM.
 *
 * @param checkpoints directory of retained checkpoints
 * @param scratch directory of RocksDB's working files
 * @param logFile log shown in the web UI
 * @param webPort port of the web UI on loopback
 * @param metricsPort port of the Prometheus endpoint on loopback
 * @param jobs jobs that will run side by side
 * @param parallelism subtasks of an operator that does not state its own number
 * @param checkpointInterval time between checkpoints
 */
public record ClusterSettings(
    Path checkpoints,
    Path scratch,
    Path logFile,
    int webPort,
    int metricsPort,
    int jobs,
    int parallelism,
    Duration checkpointInterval) {
  public ClusterSettings {
    Objects.requireNonNull(checkpointInterval);
    // RocksDB refuses a relative directory.
    checkpoints = checkpoints.toAbsolutePath();
    scratch = scratch.toAbsolutePath();
    logFile = logFile.toAbsolutePath();
  }

  /** Subtasks of one job share slots, jobs do not. */
  int slots() {
    return jobs * parallelism;
  }

  /** Settings of the cluster and, laid under theirs, of every job submitted to it. */
  Configuration configuration() {
    Configuration configuration = new Configuration();
    listening().forEach(configuration::setString);
    checkpointing().forEach(configuration::setString);
    resources().forEach(configuration::setString);
    SealedCheckpointStorage.choose(configuration, configuration);
    return configuration;
  }

  private Map<String, String> listening() {
    Map<String, String> keys =
        new HashMap<>(
            Map.of(
                "rest.address", "127.0.0.1",
                "rest.bind-address", "127.0.0.1",
                "rest.port", Integer.toString(webPort),
                "rest.bind-port", Integer.toString(webPort),
                "jobmanager.bind-host", "127.0.0.1",
                "taskmanager.bind-host", "127.0.0.1",
                "web.submit.enable", "false"));
    keys.putAll(
        Map.of(
            "rest.flamegraph.enabled", "true",
            "web.refresh-interval", "1000",
            "web.log.path", logFile.toString(),
            "metrics.fetcher.update-interval", "1000",
            "metrics.reporter.prometheus.factory.class",
                "org.apache.flink.metrics.prometheus.LoopbackPrometheusReporterFactory",
            "metrics.reporter.prometheus.port", Integer.toString(metricsPort)));
    return keys;
  }

  private Map<String, String> checkpointing() {
    Map<String, String> keys = new HashMap<>(JobDefaults.settings());
    keys.putAll(
        Map.of(
            "execution.checkpointing.interval", checkpointInterval.toMillis() + " ms",
            "execution.checkpointing.dir", checkpoints.toUri().toString(),
            "state.backend.rocksdb.localdir", scratch.resolve("rocksdb").toString(),
            "state.backend.rocksdb.log.dir", scratch.resolve("rocksdb").toString(),
            "io.tmp.dirs", scratch.resolve("tmp").toString()));
    return keys;
  }

  private Map<String, String> resources() {
    return Map.of(
        "taskmanager.memory.managed.size", "128m",
        "taskmanager.memory.network.min", "48m",
        "taskmanager.memory.network.max", "48m",
        "parallelism.default", Integer.toString(parallelism),
        "cluster.evenly-spread-out-slots", "false");
  }
}
