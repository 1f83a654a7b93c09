package io.couplet.config;

import java.util.List;

/** The diffusion workers and how they are called. */
public record WorkersSection(
    @Doc("host:port of each worker; empty in local mode, which starts its own.")
        List<String> endpoints,
    @Doc("Groups being generated at once by one subtask of the rollout job, 1 or more.")
        int inFlight,
    @Doc("Time for one group at one worker, in ms.") int deadlineMs,
    @Doc(
            "Calls for one group before the pause is lengthened; an outage is waited out, never dropped.")
        int attempts,
    @Doc("Failures in a row that open the circuit of a worker.") int breakerFailures,
    @Doc("How long an open circuit rests, in ms.") int breakerPauseMs,
    @Doc("PEM certificate chain of the client for mutual TLS; empty for plain text.")
        String certificate,
    @Doc("PEM private key file of the client.") String privateKey,
    @Doc("PEM certificates that worker certificates must chain to.") String trust)
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
