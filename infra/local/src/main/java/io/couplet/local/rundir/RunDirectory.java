package io.couplet.local.rundir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run in local mode keeps everything it has: {@code runs/NAME/}.
 *
 * @param path absolute path of the directory; it need not exist
 */
public record RunDirectory(Path path) {
  /** System property, and environment variable, that move {@code runs/} elsewhere. */
  public static final String RUNS_PROPERTY = "couplet.runs";

  private static final String RUNS_VARIABLE = "COUPLET_RUNS";

  public RunDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /** The directory of a run, by name, in {@code runs/} of the working directory. */
  public static RunDirectory of(String name) {
    return new RunDirectory(runs().resolve(name));
  }

  /** Names of the runs there are, in alphabetical order. */
  public static List<String> names() throws IOException {
    if (!Files.isDirectory(runs())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(runs())) {
      return entries
          .filter(entry -> Files.exists(entry.resolve("config.yaml")))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static Path runs() {
    return Path.of(
        Optional.ofNullable(System.getProperty(RUNS_PROPERTY))
            .or(() -> Optional.ofNullable(System.getenv(RUNS_VARIABLE)))
            .orElse("runs"));
  }

  public String name() {
    return path.getFileName().toString();
  }

  public boolean exists() {
    return Files.exists(config());
  }

  /** The resolved configuration. */
  public Path config() {
    return path.resolve("config.yaml");
  }

  /** The broker's log. */
  public Path kafka() {
    return path.resolve("kafka");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  public Path policies() {
    return path.resolve("policies");
  }

  public Path logs() {
    return path.resolve("logs");
  }

  /** One JSON object per update. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /**
   * Working files of a running process: RocksDB and the like; nothing in it outlives the process.
   */
  public Path scratch() {
    return path.resolve("scratch");
  }

  Path manifest() {
    return path.resolve("run.json");
  }

  Path endpoints() {
    return path.resolve("endpoints.json");
  }

  Path lock() {
    return path.resolve("lock");
  }
}
