package io.couplet.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that a test starts, and ends with. Its output goes to {@code NAME.out}. */
public final class JavaProcess implements AutoCloseable {
  /** What all of them get. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.couplet",
          "-Dai.djl.offline=true");

  private final String name;
  private final Path output;
  private final Process process;

  private JavaProcess(String name, Path output, Process process) {
    this.name = name;
    this.output = output;
    this.process = process;
  }

  /**
   * What to run.
   *
   * @param directory working directory, and that of the output file
   */
  public record Program(
      String name,
      Path directory,
      String classPath,
      List<String> options,
      Map<String, String> environment,
      String main,
      List<String> arguments) {
    /** The command line of this build. */
    public static Program couplet(String name, Path directory, List<String> arguments) {
      return new Program(
          name,
          directory,
          System.getProperty("java.class.path"),
          List.of("-Xmx512m"),
          Map.of(),
          "io.couplet.cli.Couplet",
          arguments);
    }
  }

  /** Starts a program. */
  public static JavaProcess start(Program program) throws IOException {
    Files.createDirectories(program.directory());
    Path output = program.directory().resolve(program.name() + ".out");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(OPTIONS);
    line.addAll(program.options());
    line.addAll(List.of("-cp", program.classPath(), program.main()));
    line.addAll(program.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(program.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(program.environment());
    return new JavaProcess(program.name(), output, builder.start());
  }

  /** How a program ended, and what it printed. */
  public record Ended(int code, String printed) {}

  /** Runs a program to its end, whatever its exit code. */
  static Ended end(Program program, Duration patience) throws IOException, InterruptedException {
    try (JavaProcess started = start(program)) {
      if (!started.process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(program.name() + " has not ended: " + started.printed());
      }
      return new Ended(started.process.exitValue(), started.printed());
    }
  }

  /** Runs a program to its end; fails when that is not exit code 0. Returns what it printed. */
  public static String run(Program program, Duration patience)
      throws IOException, InterruptedException {
    Ended ended = end(program, patience);
    if (ended.code() != 0) {
      throw new AssertionError(
          program.name() + " ended with " + ended.code() + ": " + ended.printed());
    }
    return ended.printed();
  }

  /** What it has printed so far. */
  public String printed() throws IOException {
    return Files.readString(output);
  }

  /** Fails with what it printed when it has ended. */
  public void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError(name + " ended with " + process.exitValue() + ": " + printed());
    }
  }

  public long pid() {
    return process.pid();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
