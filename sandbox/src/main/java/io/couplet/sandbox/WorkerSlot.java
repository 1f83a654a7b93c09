package io.couplet.sandbox;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread and its worker: takes jobs, replaces the worker when it is lost. */
final class WorkerSlot implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSlot.class);

  /** A program that ends its worker this often has failed. */
  private static final int WORKERS_A_PROGRAM_MAY_KILL = 2;

  /** A job that loses its worker through no fault of its own is given up after this many. */
  private static final int WORKERS_A_JOB_MAY_LOSE = 3;

  private static final int STARTS_IN_A_ROW = 3;
  private static final long WATCHDOG_SLACK_MS = 30_000;

  /** The judge stretches a case to at most this many time limits when processors are short. */
  private static final long STRETCH = 8;

  private final JobQueue queue;
  private final VerdictMeter meter;
  private final LanguageRunner runner;
  private final SandboxSettings settings;
  private final IsolationTier tier;
  private final Watchdog watchdog;
  private volatile WorkerProcess worker;
  private volatile boolean stopped;

  WorkerSlot(
      JobQueue queue,
      VerdictMeter meter,
      LanguageRunner runner,
      SandboxSettings settings,
      IsolationTier tier,
      Watchdog watchdog,
      WorkerProcess first) {
    this.queue = queue;
    this.meter = meter;
    this.runner = runner;
    this.settings = settings;
    this.tier = tier;
    this.watchdog = watchdog;
    this.worker = first;
  }

  @Override
  public void run() {
    try {
      PendingJob next = queue.take();
      while (next != null) {
        serve(next);
        next = queue.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      WorkerProcess last = worker;
      if (last != null) {
        last.close();
      }
    }
  }

  private void serve(PendingJob pending) throws InterruptedException {
    try {
      ensureWorker();
    } catch (IOException e) {
      LOG.error("No sandbox worker can be started: {}", e.getMessage());
      finish(pending, new Verdict.Infrastructure("No worker can be started: " + e.getMessage()), 0);
      return;
    }
    long started = System.nanoTime();
    try {
      Verdict verdict = worker.judge(pending.job, watchdogLimit(pending.job), watchdog);
      finish(pending, verdict, System.nanoTime() - started);
    } catch (IOException e) {
      lost(pending, e, System.nanoTime() - started);
    }
  }

  private void lost(PendingJob pending, IOException cause, long nanos) {
    boolean byProgram = worker.endedByProgram();
    discardWorker();
    LOG.warn(
        "Job {} lost its sandbox worker ({}): {}",
        pending.job.id(),
        byProgram ? "the program's fault" : "not the program's fault",
        cause.getMessage());
    if (byProgram && pending.killedAnotherWorker() >= WORKERS_A_PROGRAM_MAY_KILL) {
      finish(pending, killedItsWorkers(pending.job), nanos);
    } else if (!byProgram && pending.lostAnotherWorker() >= WORKERS_A_JOB_MAY_LOSE) {
      finish(
          pending,
          new Verdict.Infrastructure(
              WORKERS_A_JOB_MAY_LOSE
                  + " workers were lost one after the other: "
                  + cause.getMessage()),
          nanos);
    } else if (!queue.putAgain(pending)) {
      finish(pending, new Verdict.Infrastructure("The sandbox was closed"), nanos);
    }
  }

  private static Verdict killedItsWorkers(SandboxJob job) {
    String why = "The program brought its worker down twice";
    List<CaseResult> cases =
        job.tests().stream().map(t -> new CaseResult(CaseOutcome.FAILED, 0, why)).toList();
    return new Verdict.Failed(cases, true, why);
  }

  private void finish(PendingJob pending, Verdict verdict, long nanos) {
    meter.record(verdict, nanos);
    pending.verdict.complete(verdict);
  }

  private void ensureWorker() throws IOException, InterruptedException {
    if (worker != null && !worker.isAlive()) {
      // It died while idle: no job is charged for it.
      LOG.warn("An idle sandbox worker ended ({}); starting another", worker.ending());
      discardWorker();
    }
    for (int attempt = 1; worker == null; attempt++) {
      if (stopped) {
        throw new IOException("The sandbox was closed");
      }
      try {
        worker = WorkerProcess.start(runner, settings, tier, watchdog);
      } catch (IOException e) {
        if (attempt == STARTS_IN_A_ROW) {
          throw e;
        }
        Thread.sleep(100L << attempt);
      }
    }
  }

  private void discardWorker() {
    WorkerProcess lost = worker;
    worker = null;
    lost.kill();
    lost.close();
    meter.restarted();
  }

  /** Ends the worker even in the middle of a job; the slot's thread ends after it. */
  void stop() {
    stopped = true;
    WorkerProcess current = worker;
    if (current != null) {
      current.kill();
    }
  }

  private static long watchdogLimit(SandboxJob job) {
    return (job.tests().size() + 1L) * job.timeoutMs() * STRETCH + WATCHDOG_SLACK_MS;
  }
}
