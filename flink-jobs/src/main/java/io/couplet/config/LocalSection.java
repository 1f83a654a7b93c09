package io.couplet.config;

/** Local mode: what couplet run starts. */
public record LocalSection(
    @Doc("Port of the Flink web UI; 0 takes a free one.") int webPort,
    @Doc("Port of the broker; 0 takes a free one.") int kafkaPort,
    @Doc("Worker processes, 1 or more.") int workers,
    @Doc("Engine threads of each worker, 1 or more.") int workerThreads,
    @Doc("cpu or gpuN.") String device,
    @Doc("Script file of answers for a worker without a model; empty for the real one.")
        String scripted)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static LocalSection defaults() {
    return new LocalSection(0, 0, 1, 1, "cpu", "");
  }

  public LocalSection {
    if (!(webPort >= 0 && webPort <= 65535 && kafkaPort >= 0 && kafkaPort <= 65535)) {
      throw new ConfigException(
          "local.web_port and local.kafka_port must be in 0..65535, not "
              + webPort
              + " and "
              + kafkaPort);
    }
    if (!(workers >= 1 && workerThreads >= 1)) {
      throw new ConfigException(
          "local.workers and local.worker_threads must be at least 1, not "
              + workers
              + " and "
              + workerThreads);
    }
  }
}
