package io.couplet.submission;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;

/** What local mode chooses by itself must be said for a cluster, and be true on every machine. */
final class ClusterReach {
  private ClusterReach() {}

  /**
   * What the jobs of a run reach.
   *
   * @throws ConfigException in a sentence that names the key
   */
  static void requireForJobs(RunConfig config) {
    requireForReplay(config);
    require(
        !config.workers().endpoints().isEmpty(),
        "workers.endpoints is empty: start diffusion workers (couplet worker) and name them,"
            + " host:port");
    fromEverywhere("policy.initial", config.policy().initial());
    if (!config.policy().trainerState().isEmpty()) {
      fromEverywhere("policy.trainer_state", config.policy().trainerState());
    }
    if (!config.evaluation().source().equals("families")) {
      fromEverywhere("evaluation.source", config.evaluation().source());
    }
  }

  /**
   * What a replay reaches: it generates nothing, and finds the initial policy in the store.
   *
   * @throws ConfigException in a sentence that names the key
   */
  static void requireForReplay(RunConfig config) {
    require(
        !config.kafka().bootstrapServers().isBlank(),
        "kafka.bootstrap_servers is empty: name the brokers, host:port,...");
    fromEverywhere("policy.store", config.policy().store());
  }

  private static void fromEverywhere(String key, String value) {
    require(
        value.startsWith("/") || value.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*"),
        key
            + " is '"
            + value
            + "', but on a cluster it must mean the same on every machine: a URI (file:///shared/x,"
            + " s3://bucket/x) or an absolute path");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ConfigException(otherwise);
    }
  }
}
