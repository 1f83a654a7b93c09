package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whose fault the end of a worker is decides whether there is a number. */
class WorkerLossIT {
  private static final String SLOW = "import time\ndef f():\n    time.sleep(2.5)\n    return 1\n";

  private static SandboxJob job(String program, String test, int timeoutMs) {
    return new SandboxJob("job", program, List.of(test), null, null, timeoutMs, OnTimeout.CASE);
  }

  private static List<ProcessHandle> workers() {
    return ProcessHandle.current().children().toList();
  }

  private static void killWorkers() {
    workers().forEach(ProcessHandle::destroyForcibly);
  }

  /** A pool that closes interrupts its threads, whatever they are doing. */
  @Test
  void aWorkerThatIsClosedUnderInterruptsIsGoneWhenThatReturns() throws Exception {
    try (Watchdog watchdog = new Watchdog()) {
      for (int i = 0; i < 10; i++) {
        WorkerProcess worker =
            WorkerProcess.start(
                PythonRunner.create(Optional.empty()),
                SandboxSettings.defaults(),
                IsolationTier.LANDLOCK,
                watchdog);
        List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
        Thread closing = new Thread(worker::close);
        closing.start();
        while (closing.isAlive()) {
          closing.interrupt();
          closing.join(1);
        }
        assertThat(processes).isNotEmpty().noneMatch(WorkerProcess::isRunning);
      }
    }
  }

  @Test
  void aJobWhoseWorkerIsKilledFromOutsideIsRetriedAndGetsItsVerdict() throws Exception {
    try (SandboxPool pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(1))) {
      CompletableFuture<Verdict> verdict = pool.submit(job(SLOW, "assert f() == 1", 20_000));
      Thread.sleep(500);
      killWorkers();
      assertThat(verdict.get(60, TimeUnit.SECONDS).passRate()).hasValue(1);
      assertThat(pool.statistics().workerRestarts()).isEqualTo(1);
    }
  }

  @Test
  void aJobThatKeepsLosingItsWorkerEndsAsInfrastructureNeverAsANumber() throws Exception {
    try (SandboxPool pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(1))) {
      CompletableFuture<Verdict> verdict = pool.submit(job(SLOW, "assert f() == 1", 20_000));
      while (!verdict.isDone()) {
        Thread.sleep(100);
        killWorkers();
      }
      assertThat(verdict.join()).isInstanceOf(Verdict.Infrastructure.class);
      assertThat(verdict.join().passRate()).isEmpty();
    }
  }

  @Test
  void aWorkerThatDiesIdleCostsNoJobAnything() throws Exception {
    try (SandboxPool pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(1))) {
      killWorkers();
      Thread.sleep(300);
      Verdict verdict =
          pool.submit(job("def f():\n    return 1\n", "assert f() == 1", 5000)).join();
      assertThat(verdict.passRate()).hasValue(1);
    }
  }

  @Test
  void aProgramThatStallsTheJudgeTwiceHasFailed() {
    // The program answers a range; adding it up is one long operation in the judge that nothing
    // interrupts.
    String program = "def f():\n    return range(9_000_000)\n";
    String test = "assert sum(sum(f()) for _ in [0]) + sum(map(sum, [f()] * 4000)) == 0";
    try (SandboxPool pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(1))) {
      Verdict verdict = pool.submit(job(program, test, 300)).join();
      assertThat(verdict).isInstanceOf(Verdict.Failed.class);
      assertThat(verdict.passRate()).hasValue(0);
      assertThat(verdict.reason().orElseThrow()).contains("twice");
      assertThat(pool.statistics().workerRestarts()).isEqualTo(2);
      assertThat(pool.submit(job("def f():\n    return 1\n", "assert f() == 1", 5000)).join())
          .isInstanceOf(Verdict.Passed.class);
    }
  }

  @Test
  void closingAPoolInTheMiddleOfAJobLeavesNoProcess() throws Exception {
    SandboxPool pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(2));
    CompletableFuture<Verdict> running = pool.submit(job(SLOW, "assert f() == 1", 20_000));
    Thread.sleep(300);
    List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
    assertThat(all).isNotEmpty();
    pool.close();
    assertThat(running).isDone();
    assertThat(all).noneMatch(WorkerProcess::isRunning);
    assertThat(pool.submit(job(SLOW, "assert f() == 1", 100))).isCompletedExceptionally();
  }

  /** As bubblewrap does when it is killed while it sets a process up. */
  @Test
  void aWorkerThatDiesAndLeavesAnOrphanWithItsPipesHoldsNobodyUp() throws Exception {
    LanguageRunner real = PythonRunner.create(Optional.empty());
    String mark = "1000." + ProcessHandle.current().pid();
    LanguageRunner dying =
        new LanguageRunner(
            real.language(),
            real.interpreter(),
            List.of("setsid", "sh", "-c", "sleep " + mark + " <&0 & kill -9 $$"),
            real.sources());
    SandboxSettings settings = SandboxSettings.defaults().withWorkers(1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(50),
        () ->
            assertThatThrownBy(() -> SandboxPool.open(settings, dying))
                .isInstanceOf(SandboxUnavailableException.class),
        "A worker's orphan held its pool up");
    List<ProcessHandle> orphans =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().orElse("").contains(mark))
            .toList();
    for (int i = 0; i < 200 && orphans.stream().anyMatch(WorkerProcess::isRunning); i++) {
      Thread.sleep(50);
    }
    assertThat(orphans).noneMatch(WorkerProcess::isRunning);
  }
}
