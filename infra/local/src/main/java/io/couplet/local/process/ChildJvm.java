package io.couplet.local.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with this one's class path, started as a child. It ends when its standard input ends, so
 * closing this object, or this process dying in any way, ends it. Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * What to start.
   *
   * @param name short name; names the log files
   * @param mainClass class whose main watches standard input, see {@link ParentWatch}
   * @param heapMebibytes largest Java heap
   * @param jvmOptions further options of the JVM
   * @param arguments arguments of main
   * @param logs directory of {@code NAME.log} (logging) and {@code NAME.out} (what it prints)
   */
  public record Command(
      String name,
      String mainClass,
      int heapMebibytes,
      List<String> jvmOptions,
      List<String> arguments,
      Path logs) {
    public Command {
      jvmOptions = List.copyOf(jvmOptions);
      arguments = List.copyOf(arguments);
    }

    Path printed() {
      return logs.resolve(name + ".out");
    }
  }

  private final Command command;
  private final Process process;
  private final OutputStream life;

  private ChildJvm(Command command, Process process) {
    this.command = command;
    this.process = process;
    this.life = process.getOutputStream();
  }

  /** Starts the child. */
  public static ChildJvm start(Command command) throws IOException {
    Files.createDirectories(command.logs());
    List<String> line = new ArrayList<>();
    // Ctrl-C reaches the whole foreground process group, and so do the signals of many supervisors,
    // but the parent decides in which order things stop: the child is started with these signals
    // ignored, and the JVM then leaves them so.
    line.addAll(List.of("/bin/sh", "-c", "trap '' INT TERM HUP; exec \"$@\"", "sh"));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Xmx" + command.heapMebibytes() + "m");
    line.addAll(
        List.of(
            "-XX:+UseSerialGC",
            // As the launcher does: what a JVM does by the clock costs an idle one most.
            "-XX:PerfDataSamplingInterval=1000",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:AsyncDeflationInterval=2000",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.couplet",
            "-Dai.djl.offline=true",
            "-Dlog4j2.disableJmx=true",
            "-Dlog4j2.configurationFile=classpath:log4j2-process.properties",
            "-Dlog.file=" + command.logs().resolve(command.name() + ".log")));
    if (Runtime.version().feature() >= 24) {
      line.add("--enable-native-access=ALL-UNNAMED");
    }
    line.addAll(command.jvmOptions());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), command.mainClass()));
    line.addAll(command.arguments());
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(command.printed().toFile()))
            .start();
    return new ChildJvm(command, process);
  }

  public String name() {
    return command.name();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * @throws IOException with the last lines it printed when the child has ended
   */
  public void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(
          "The "
              + command.name()
              + " process ended with exit code "
              + process.exitValue()
              + ". Its last words: "
              + lastWords()
              + " (all of them: "
              + command.printed()
              + " and .log beside it)");
    }
  }

  /** Ends the child as kill -9 does; returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends the child: politely by closing its standard input, after a while by force. */
  @Override
  public void close() {
    try {
      life.close();
    } catch (IOException e) {
      // The child has gone already.
    }
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(command.printed());
      return lines.isEmpty()
          ? "(nothing)"
          : String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }
}
