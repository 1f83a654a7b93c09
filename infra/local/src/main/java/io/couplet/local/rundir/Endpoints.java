package io.couplet.local.rundir;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the processes of a run listen, in {@code endpoints.json}. True while the run directory is
 * locked; afterwards the ports that the next start prefers.
 *
 * @param pid process that owns the run directory
 * @param kafka bootstrap servers
 * @param controllerPort port of the broker's controller
 * @param web address of the Flink web UI and its REST interface; empty when only the broker runs
 * @param metrics address of the Prometheus reporter; empty when only the broker runs
 * @param workers host:port of each worker
 */
public record Endpoints(
    long pid, String kafka, int controllerPort, String web, String metrics, List<String> workers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Endpoints {
    Objects.requireNonNull(kafka, "kafka");
    Objects.requireNonNull(web, "web");
    Objects.requireNonNull(metrics, "metrics");
    workers = List.copyOf(workers);
  }

  /** Reads the file; empty when there is none or it cannot be read as one. */
  public static Optional<Endpoints> read(RunDirectory directory) throws IOException {
    if (!Files.exists(directory.endpoints())) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
          JSON.readValue(Utf8File.read(directory.endpoints()), Endpoints.class));
    } catch (JacksonException e) {
      return Optional.empty(); // written by another version: the ports are a preference only
    }
  }

  /** Writes the file so that no reader ever sees half of it. */
  public void write(RunDirectory directory) throws IOException {
    Path file = directory.endpoints();
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(draft, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Port of an address; 0 when it has none. */
  static int port(String address) {
    int colon = address.lastIndexOf(':');
    String digits = colon < 0 ? "" : address.substring(colon + 1).replaceAll("(?s)\\D.*", "");
    int port = digits.isEmpty() || digits.length() > 5 ? 0 : Integer.parseInt(digits);
    return port <= 65_535 ? port : 0;
  }

  /** Port of the broker. */
  public int kafkaPort() {
    return port(kafka);
  }

  /** Port of the web UI; 0 when there is none. */
  public int webPort() {
    return port(web);
  }

  /** Port of the Prometheus endpoint; 0 when there is none. */
  public int metricsPort() {
    return port(metrics);
  }
}
