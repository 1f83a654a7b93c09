package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of jobs in a row leave no process, no file and no growth; 20,000 with the Maven profile
 * sandbox-endurance.
 */
class SoakIT {
  private static final int JOBS = Pools.longTests() ? 20_000 : 4_000;

  /** Many completions of the same problems, as in a run: a judge keeps the analysis of each. */
  private static final int PROBLEMS = 500;

  private static final int WARM_UP = 2_500;

  @Test
  void manyJobsLeaveNoProcessNoFileAndNoGrowthInMemory() throws IOException {
    Set<String> filesBefore = files();
    List<ProcessHandle> workers;
    try (SandboxPool pool = SandboxPool.open(Pools.twoWorkers())) {
      run(pool, WARM_UP);
      int processes = (int) ProcessHandle.current().descendants().count();
      long resident = residentKilobytes();
      run(pool, JOBS - WARM_UP);
      assertThat(ProcessHandle.current().descendants().count()).isLessThanOrEqualTo(processes + 4);
      // A leak of 1 KB a job would show as 1.5 MB here and as 17 MB in the long run.
      long allowed = 1_500;
      assertThat(resident).isPositive();
      assertThat(residentKilobytes()).isLessThan(resident + allowed);
      assertThat(pool.statistics().outcomes().keySet())
          .containsExactlyInAnyOrder("PASSED", "FAILED", "TIMEOUT", "INVALID");
      assertThat(pool.statistics().workerRestarts()).isZero();
      workers = ProcessHandle.current().descendants().toList();
    }
    assertThat(workers).noneMatch(WorkerProcess::isRunning);
    assertThat(files()).isEqualTo(filesBefore);
  }

  private static void run(SandboxPool pool, int jobs) {
    ArrayDeque<CompletableFuture<Verdict>> inFlight = new ArrayDeque<>();
    for (int i = 0; i < jobs; i++) {
      inFlight.add(pool.submit(job(i % PROBLEMS)));
      if (inFlight.size() > 50) {
        inFlight.remove().join();
      }
    }
    inFlight.forEach(CompletableFuture::join);
  }

  private static SandboxJob job(int i) {
    String program =
        switch (i % 100) {
          case 0 -> "import os\ndef f(x):\n    os._exit(0)\n";
          case 1 -> "def f(x):\n    return 1 +\n";
          case 2 ->
              "import threading, time\ndef f(x):\n    threading.Thread(target=time.sleep,"
                  + " args=(99,)).start()\n    return x\n";
          case 3 -> "def f(x):\n    while True: pass\n";
          case 4 -> "def f(x):\n    return [bytearray(9 << 20), x]\n";
          default -> "def f(x):\n    return x + 0 * " + i + "\n";
        };
    String test = i % 100 == 5 ? "assert f(" : "assert f(" + i + ") == " + i;
    return new SandboxJob(
        "soak-" + i,
        program,
        List.of(test),
        null,
        null,
        i % 100 == 3 ? 100 : 20_000,
        OnTimeout.CASE);
  }

  /**
   * Resident memory of the workers' processes that last, in KiB. Children forked ahead come and go
   * and share their pages with the runner, so each parent is counted without its forked copies.
   */
  private static long residentKilobytes() {
    return ProcessHandle.current()
        .descendants()
        .filter(p -> !isForkedCopy(p))
        .map(p -> Path.of("/proc", Long.toString(p.pid()), "status"))
        .mapToLong(SoakIT::resident)
        .sum();
  }

  private static boolean isForkedCopy(ProcessHandle process) {
    return process
        .parent()
        .map(parent -> commandLine(parent).equals(commandLine(process)))
        .orElse(true); // it ended meanwhile
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static long resident(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // a child that ended meanwhile
    }
  }

  private static Set<String> files() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String directory : List.of("/dev/shm", System.getProperty("java.io.tmpdir"))) {
      try (Stream<Path> entries = Files.list(Path.of(directory))) {
        found.addAll(
            entries
                .map(Path::toString)
                .filter(name -> name.contains("couplet") || name.contains("sandbox"))
                .collect(Collectors.toSet()));
      }
    }
    return found;
  }
}
