package io.couplet.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: the process that judges and, behind it, the one that runs programs. Used by one
 * thread at a time; only {@link #kill} may come from another.
 */
final class WorkerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
  private static final int MAX_FRAME = 16 << 20;
  private static final int STDERR_KEPT = 4096;

  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** Every process of the worker that was ever seen: a killed parent hides its children. */
  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

  /** Bounds the memory of all its processes together, where the system allows it. */
  private final Optional<MemoryGroup> memory;

  private volatile boolean overran;

  private WorkerProcess(Process process, Optional<MemoryGroup> memory) {
    this.process = process;
    this.memory = memory;
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    process.onExit().thenRun(this::endOrphans);
  }

  /**
   * The first process of the worker is gone; what went on without it (bubblewrap has a moment in
   * which its children do not notice) is ended and hung up on. The library would close the pipe
   * only after a read that is under way, and that one waits for the orphan.
   */
  private void endOrphans() {
    ProcessSession.end(process.pid());
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("The pipe to an ended sandbox worker was broken already", e);
    }
  }

  /**
   * Starts a worker and waits until it has proved its confinement.
   *
   * @throws WorkerRefusedException when the tier does not hold here
   * @throws IOException when the worker dies or does not answer in time
   */
  static WorkerProcess start(
      LanguageRunner runner, SandboxSettings settings, IsolationTier tier, Watchdog watchdog)
      throws IOException {
    Optional<MemoryGroup> memory = MemoryGroup.create(settings.workerBytes());
    ProcessBuilder builder =
        new ProcessBuilder(
            memory.map(group -> group.enclosing(runner.command())).orElse(runner.command()));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
    builder.environment().put("LANG", "C.UTF-8");
    builder.directory(new java.io.File("/"));
    WorkerProcess worker = new WorkerProcess(started(builder, memory), memory);
    boolean ready = false;
    try {
      byte[] boot = JobCodec.boot(runner, settings, tier);
      JsonNode answer = JobCodec.read(worker.exchange(boot, settings.startTimeoutMs(), watchdog));
      if (answer.path("refused").isTextual()) {
        throw new WorkerRefusedException(answer.get("refused").asText());
      }
      if (!answer.path("ready").asBoolean()) {
        throw new IOException("The sandbox worker answered neither ready nor refused: " + answer);
      }
      ready = true;
      return worker;
    } finally {
      if (!ready) {
        worker.kill();
        memory.ifPresent(MemoryGroup::close);
      }
    }
  }

  private static Process started(ProcessBuilder builder, Optional<MemoryGroup> memory)
      throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      memory.ifPresent(MemoryGroup::close);
      throw e;
    }
  }

  /** Has a job judged; {@code limitMs} is the watchdog's, far beyond the judge's own limits. */
  Verdict judge(SandboxJob job, long limitMs, Watchdog watchdog) throws IOException {
    return JobCodec.verdict(job, exchange(JobCodec.job(job), limitMs, watchdog));
  }

  private byte[] exchange(byte[] request, long limitMs, Watchdog watchdog) throws IOException {
    try (Watchdog.Watch watch = watchdog.watch(limitMs, this::overrun)) {
      out.writeInt(request.length);
      out.write(request);
      out.flush();
      int length = in.readInt();
      if (length < 0 || length > MAX_FRAME) {
        throw new IOException("The sandbox worker announced a frame of " + length + " bytes");
      }
      byte[] answer = new byte[length];
      in.readFully(answer);
      return answer;
    } catch (EOFException e) {
      throw new IOException("The sandbox worker ended (" + ending() + ")", e);
    }
  }

  private void overrun() {
    overran = true;
    kill();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Whose fault the end of this worker was: the program's when the judge ran into the limits it set
   * itself, or stayed silent far beyond them; ours for every other ending.
   */
  boolean endedByProgram() {
    if (overran) {
      return true;
    }
    try {
      return process.waitFor(5, TimeUnit.SECONDS)
          && WorkerExit.causedByProgram(process.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What the worker left to say: its exit status and the end of its error output. */
  String ending() {
    try {
      String status =
          process.waitFor(5, TimeUnit.SECONDS)
              ? "exit status " + process.exitValue()
              : "still running";
      String said = errorOutput();
      return said.isEmpty() ? status : status + ": " + said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private String errorOutput() {
    try {
      InputStream err = process.getErrorStream();
      byte[] said = err.readNBytes(Math.min(err.available(), 1 << 16));
      int from = Math.max(0, said.length - STDERR_KEPT);
      return new String(said, from, said.length - from, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends the worker and all it started, at once. */
  void kill() {
    process.descendants().forEach(seen::add);
    process.destroyForcibly();
    seen.forEach(ProcessHandle::destroyForcibly);
    ProcessSession.end(process.pid());
  }

  /** Lets the worker end by itself, then makes sure that nothing of it is left. */
  @Override
  public void close() {
    process.descendants().forEach(seen::add);
    try {
      out.close();
    } catch (IOException e) {
      process.destroyForcibly();
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      kill();
    }
    seen.add(process.toHandle());
    seen.forEach(ProcessHandle::destroyForcibly);
    interrupted |= awaitEnd();
    memory.ifPresent(MemoryGroup::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until nothing of the worker executes, whoever interrupts: what is left behind would be
   * nobody's.
   *
   * @return whether somebody interrupted
   */
  private boolean awaitEnd() {
    boolean interrupted = false;
    for (int i = 0; i < 500 && seen.stream().anyMatch(WorkerProcess::isRunning); i++) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  /**
   * Whether a process still executes. An orphan that has ended stays in the process table until the
   * system's first process collects it, which can take seconds; it holds nothing and counts as
   * gone.
   */
  static boolean isRunning(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return process.isAlive(); // no process file system to ask
    }
  }
}
