package io.couplet.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Judges untrusted programs, several at a time, each in a confined child process of its own.
 *
 * <p>Thread-safe. A pool owns its threads and processes: {@link #close} ends them all, and they end
 * by themselves when this JVM dies, whatever kills it. Futures complete on the pool's threads, so
 * what is attached to them must be short.
 */
public final class SandboxPool implements AutoCloseable {
  /** How the names of a pool's threads begin, each of which serves one worker process. */
  public static final String THREADS = "sandbox-worker-";

  private final IsolationTier tier;
  private final LanguageRunner runner;
  private final SandboxSettings settings;
  private final JobQueue queue;
  private final VerdictMeter meter = new VerdictMeter();
  private final Watchdog watchdog;
  private final List<WorkerSlot> slots = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private SandboxPool(
      LanguageRunner runner,
      SandboxSettings settings,
      IsolationTier tier,
      WorkerProcess first,
      Watchdog watchdog) {
    this.runner = runner;
    this.settings = settings;
    this.tier = tier;
    this.watchdog = watchdog;
    this.queue = new JobQueue(settings.queueCapacity());
    for (int i = 0; i < settings.workers(); i++) {
      WorkerProcess worker = i == 0 ? first : null;
      WorkerSlot slot = new WorkerSlot(queue, meter, runner, settings, tier, watchdog, worker);
      slots.add(slot);
      Thread thread = new Thread(slot, THREADS + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /**
   * Opens a pool on the best tier that holds: a worker is started and attacks its own confinement;
   * only when every attack fails is the tier used. The other workers start with their first job.
   *
   * @throws SandboxUnavailableException when no tier holds, with what to install
   */
  public static SandboxPool open(SandboxSettings settings) {
    return open(settings, PythonRunner.create(settings.chosenInterpreter()));
  }

  static SandboxPool open(SandboxSettings settings, LanguageRunner runner) {
    Watchdog watchdog = new Watchdog();
    List<String> refusals = new ArrayList<>();
    for (IsolationTier tier : settings.tiers()) {
      try {
        WorkerProcess first = WorkerProcess.start(runner, settings, tier, watchdog);
        SandboxPool pool = new SandboxPool(runner, settings, tier, first, watchdog);
        pool.threads.forEach(Thread::start);
        return pool;
      } catch (IOException e) {
        refusals.add("tier " + tier.wireName() + ": " + e.getMessage());
      }
    }
    watchdog.close();
    throw new SandboxUnavailableException(
        "Untrusted programs cannot be confined here, so none will be run. "
            + String.join("; ", refusals)
            + ". Install bubblewrap (package bubblewrap) and allow user namespaces, or use a Linux"
            + " kernel 5.13 or newer with Landlock enabled (lsm=landlock).");
  }

  /**
   * Queues a job. Blocks while the queue is full, so that a fast producer feels it. The future
   * always completes with a verdict; it fails only when the pool is closed.
   */
  public CompletableFuture<Verdict> submit(SandboxJob job) {
    PendingJob pending = new PendingJob(job);
    Optional<Verdict> refused = JobText.refuse(job, settings);
    if (refused.isPresent()) {
      meter.record(refused.get(), 0);
      pending.verdict.complete(refused.get());
      return pending.verdict;
    }
    try {
      if (!queue.put(pending)) {
        pending.verdict.completeExceptionally(closedFor(job));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      pending.verdict.completeExceptionally(
          new IllegalStateException("Interrupted while job " + job.id() + " waited for room", e));
    }
    return pending.verdict;
  }

  /** The tier that holds on this machine. */
  public IsolationTier tier() {
    return tier;
  }

  /** The tier, the interpreter and the workers in one line, to be printed at start. */
  public String description() {
    return "sandbox: tier "
        + tier.wireName()
        + " ("
        + tier.description()
        + "), "
        + runner.interpreter()
        + ", "
        + settings.workers()
        + (settings.workers() == 1 ? " worker" : " workers");
  }

  /** The interpreter programs run in. */
  public Path interpreter() {
    return runner.interpreter();
  }

  public SandboxStatistics statistics() {
    return meter.snapshot(queue.size());
  }

  /** Fails what still waits, ends every worker and waits for it. Calling it again does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (PendingJob left : queue.close()) {
      left.verdict.completeExceptionally(closedFor(left.job));
    }
    slots.forEach(WorkerSlot::stop);
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= !joined(thread);
    }
    watchdog.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean joined(Thread thread) {
    try {
      thread.join();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static IllegalStateException closedFor(SandboxJob job) {
    return new IllegalStateException("The sandbox was closed before job " + job.id() + " was run");
  }
}
