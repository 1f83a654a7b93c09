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
 * Thousands of jobs in a row leave no process, no file and no growth; -Dcouplet.long=true: 20,000.
 */
class SoakIT {
  private static final int JOBS = Pools.longTests() ? 20_000 : 2_000;

  @Test
  void manyJobsLeaveNoProcessNoFileAndNoGrowthInMemory() throws IOException {
    Set<String> filesBefore = files();
    List<ProcessHandle> workers;
    try (SandboxPool pool = SandboxPool.open(Pools.twoWorkers())) {
      run(pool, JOBS / 4);
      int processes = (int) ProcessHandle.current().descendants().count();
      long resident = residentKilobytes();
      run(pool, JOBS - JOBS / 4);
      assertThat(ProcessHandle.current().descendants().count()).isLessThanOrEqualTo(processes + 4);
      // A leak of 1 KB a job would show as 1.5 MB here and as 15 MB in the long run.
      long allowed = Pools.longTests() ? 8_000 : 4_000;
      assertThat(residentKilobytes()).isLessThan(resident + allowed);
      assertThat(pool.statistics().outcomes().keySet())
          .containsExactlyInAnyOrder("PASSED", "FAILED", "TIMEOUT", "INVALID");
      assertThat(pool.statistics().workerRestarts()).isZero();
      workers = ProcessHandle.current().descendants().toList();
    }
    assertThat(workers).noneMatch(ProcessHandle::isAlive);
    assertThat(files()).isEqualTo(filesBefore);
  }

  private static void run(SandboxPool pool, int jobs) {
    ArrayDeque<CompletableFuture<Verdict>> inFlight = new ArrayDeque<>();
    for (int i = 0; i < jobs; i++) {
      inFlight.add(pool.submit(job(i)));
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

  /** Resident memory of the workers' processes that last, in KiB. */
  private static long residentKilobytes() {
    return ProcessHandle.current()
        .descendants()
        .map(p -> Path.of("/proc", Long.toString(p.pid()), "status"))
        .mapToLong(SoakIT::resident)
        .sum();
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
