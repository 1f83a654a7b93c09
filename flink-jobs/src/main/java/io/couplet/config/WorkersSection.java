package io.couplet.config;

import java.util.List;

/** The diffusion workers and how they are called. */
public record WorkersSection(
    @Doc(
            value = "host:port of each worker; empty in local mode, which starts its own.",
            allowed = "host:port list, or empty")
        List<String> endpoints,
    @Doc(
            value = "Groups being generated at once by one subtask of the rollout job, 1 or more.",
            allowed = "1 or more")
        int inFlight,
    @Doc(value = "Time for one group at one worker, in ms.", allowed = "1 or more") int deadlineMs,
    @Doc(
            value =
                "Calls for one group before the pause is lengthened; an outage is waited out, never dropped.",
            allowed = "1 or more")
        int attempts,
    @Doc(value = "Failures in a row that open the circuit of a worker.", allowed = "1 or more")
        int breakerFailures,
    @Doc(value = "How long an open circuit rests, in ms.", allowed = "0 or more")
        int breakerPauseMs,
    @Doc(
            value = "PEM certificate chain of the client for mutual TLS; empty for plain text.",
            allowed = "file, or empty")
        String certificate,
    @Doc(value = "PEM private key file of the client.", allowed = "file, or empty")
        String privateKey,
    @Doc(
            value = "PEM certificates that worker certificates must chain to.",
            allowed = "file, or empty")
        String trust)
    implements java.io.Serializable {
  /** What a key that is not set means. */
  public static WorkersSection defaults() {
    return new WorkersSection(List.of(), 8, 60_000, 3, 3, 2_000, "", "", "");
  }

  public WorkersSection {
    endpoints = List.copyOf(endpoints);
    if (inFlight < 1) {
      throw new ConfigException("workers.in_flight must be at least 1, not " + inFlight);
    }
    if (deadlineMs < 1) {
      throw new ConfigException("workers.deadline_ms must be at least 1, not " + deadlineMs);
    }
    if (attempts < 1) {
      throw new ConfigException("workers.attempts must be at least 1, not " + attempts);
    }
    if (breakerFailures < 1) {
      throw new ConfigException(
          "workers.breaker_failures must be at least 1, not " + breakerFailures);
    }
    if (breakerPauseMs < 0) {
      throw new ConfigException(
          "workers.breaker_pause_ms must not be negative, not " + breakerPauseMs);
    }
    if (!(certificate.isEmpty() == privateKey.isEmpty())) {
      throw new ConfigException("workers.certificate and workers.private_key must be set together");
    }
  }
}
