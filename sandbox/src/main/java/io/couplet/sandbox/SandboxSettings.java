package io.couplet.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How many workers a pool has and what one job may use. Immutable.
 *
 * @param workers jobs judged at the same time, at least 1; each worker is three small processes
 * @param queueCapacity jobs that may wait; {@link SandboxPool#submit} blocks beyond it
 * @param tiers tiers to try, best first; the first that holds is used
 * @param interpreter interpreter to run, or null to find one
 * @param memoryMb address space of one program, MiB
 * @param threads threads one program may have
 * @param maxProgramBytes longest program, UTF-8 bytes
 * @param maxTestBytes longest setup and tests together, UTF-8 bytes
 * @param startTimeoutMs time a worker has to come up and prove its confinement
 */
public record SandboxSettings(
    int workers,
    int queueCapacity,
    List<IsolationTier> tiers,
    Path interpreter,
    int memoryMb,
    int threads,
    int maxProgramBytes,
    int maxTestBytes,
    int startTimeoutMs) {
  public SandboxSettings {
    tiers = List.copyOf(tiers);
    atLeast("workers", workers, 1);
    atLeast("queueCapacity", queueCapacity, 1);
    atLeast("memoryMb", memoryMb, 128);
    atLeast("threads", threads, 1);
    atLeast("maxProgramBytes", maxProgramBytes, 1);
    atLeast("maxTestBytes", maxTestBytes, 1);
    atLeast("startTimeoutMs", startTimeoutMs, 1);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException(
          "The sandbox needs at least one isolation tier to try: namespaces, landlock");
    }
  }

  /** One worker per core, both tiers, 1 GiB and 64 threads for a program. */
  public static SandboxSettings defaults() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new SandboxSettings(
        cores,
        256,
        List.of(IsolationTier.NAMESPACES, IsolationTier.LANDLOCK),
        null,
        1024,
        64,
        1 << 20,
        4 << 20,
        60_000);
  }

  public SandboxSettings withWorkers(int count) {
    return new SandboxSettings(
        count,
        Math.max(queueCapacity, 2 * count),
        tiers,
        interpreter,
        memoryMb,
        threads,
        maxProgramBytes,
        maxTestBytes,
        startTimeoutMs);
  }

  /** Insists on one tier instead of the best that holds. */
  public SandboxSettings withTier(IsolationTier tier) {
    return new SandboxSettings(
        workers,
        queueCapacity,
        List.of(tier),
        interpreter,
        memoryMb,
        threads,
        maxProgramBytes,
        maxTestBytes,
        startTimeoutMs);
  }

  public SandboxSettings withInterpreter(Path path) {
    return new SandboxSettings(
        workers,
        queueCapacity,
        tiers,
        path,
        memoryMb,
        threads,
        maxProgramBytes,
        maxTestBytes,
        startTimeoutMs);
  }

  /**
   * Most memory of a worker's processes together: a program and a judge of the same size, and what
   * the processes themselves need.
   */
  long workerBytes() {
    return (2L * memoryMb + 256) << 20;
  }

  Optional<Path> chosenInterpreter() {
    return Optional.ofNullable(interpreter);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Sandbox setting " + name + " must be at least " + least + ", not " + value);
    }
  }
}
