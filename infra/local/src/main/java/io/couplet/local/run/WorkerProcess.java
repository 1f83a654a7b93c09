package io.couplet.local.run;

import io.couplet.config.LocalSection;
import io.couplet.config.PolicySection;
import io.couplet.local.process.ChildJvm;
import io.couplet.local.process.ClassArchive;
import io.couplet.local.process.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A diffusion worker in a child JVM. */
final class WorkerProcess implements AutoCloseable {
  private static final String COMMAND_LINE = "io.couplet.cli.Couplet";
  private static final int HEAP_MEBIBYTES = 512;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ChildJvm jvm;
  private final int port;
  private final Restart restart;

  private interface Restart {
    WorkerProcess launch() throws IOException;
  }

  private WorkerProcess(ChildJvm jvm, int port, Restart restart) {
    this.jvm = jvm;
    this.port = port;
    this.restart = restart;
  }

  /**
   * Starts a worker without waiting for it; {@link #awaitReady} must follow.
   *
   * @param number from 1, names the process
   * @param policy where the worker finds the policies it serves
   */
  static WorkerProcess launch(int number, PolicySection policy, LocalSection local, Path logs)
      throws IOException {
    return launch(number, FreePorts.any(), policy, local, logs);
  }

  private static WorkerProcess launch(
      int number, int port, PolicySection policy, LocalSection local, Path logs)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--listen",
                "127.0.0.1:" + port,
                "--store",
                policy.store(),
                "--device",
                local.device(),
                "--precision",
                local.precision(),
                "--threads",
                Integer.toString(local.workerThreads()),
                "--exit-on-stdin-eof"));
    if (!local.scripted().isBlank()) {
      arguments.addAll(
          List.of("--scripted", local.scripted(), "--scripted-tokens", policy.initial()));
    }
    ChildJvm jvm =
        ChildJvm.start(
            new ChildJvm.Command(
                "worker-" + number,
                COMMAND_LINE,
                HEAP_MEBIBYTES,
                ClassArchive.GENERATION.options(),
                arguments,
                logs));
    return new WorkerProcess(jvm, port, () -> launch(number, port, policy, local, logs));
  }

  /** The same worker at the same port, after this one has died. */
  WorkerProcess again() throws IOException {
    return restart.launch();
  }

  /** Returns when the worker accepts calls. */
  void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!accepts()) {
      jvm.requireAlive();
      if (System.nanoTime() > end) {
        throw new IOException(
            "The " + jvm.name() + " did not open its port within " + PATIENCE.toSeconds() + " s");
      }
      Thread.sleep(20);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  ChildJvm jvm() {
    return jvm;
  }

  @Override
  public void close() {
    jvm.close();
  }
}
