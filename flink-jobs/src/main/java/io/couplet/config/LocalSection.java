package io.couplet.config;

import java.util.Set;

/** Local mode: what couplet run starts. */
public record LocalSection(
    @Doc(value = "Port of the Flink web UI; 0 takes a free one.", allowed = "0..65535") int webPort,
    @Doc(value = "Port of the broker; 0 takes a free one.", allowed = "0..65535") int kafkaPort,
    @Doc(value = "Worker processes, 1 or more.", allowed = "1 or more") int workers,
    @Doc(value = "Engine threads of each worker, 1 or more.", allowed = "1 or more")
        int workerThreads,
    @Doc(value = "cpu or gpuN.", allowed = "cpu, gpuN") String device,
    @Doc(
            value =
                "Arithmetic of decoding: float32, bfloat16, or auto, which is bfloat16 where the device"
                    + " has instructions for it.",
            allowed = "auto, float32, bfloat16")
        String precision,
    @Doc(
            value = "Script file of answers for a worker without a model; empty for the real one.",
            allowed = "file, or empty")
        String scripted)
    implements java.io.Serializable {
  private static final Set<String> PRECISIONS = Set.of("auto", "float32", "bfloat16");

  /** What a key that is not set means. */
  public static LocalSection defaults() {
    return new LocalSection(0, 0, 1, 1, "cpu", "auto", "");
  }

  public LocalSection {
    if (!(webPort >= 0 && webPort <= 65535 && kafkaPort >= 0 && kafkaPort <= 65535)) {
      throw new ConfigException(
          "local.web_port and local.kafka_port must be in 0..65535, not "
              + webPort
              + " and "
              + kafkaPort);
    }
    if (!PRECISIONS.contains(precision)) {
      throw new ConfigException(
          "local.precision must be auto, float32 or bfloat16, not '" + precision + "'");
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
