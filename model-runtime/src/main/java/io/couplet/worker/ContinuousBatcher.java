package io.couplet.worker;

import io.couplet.decoding.BatchDecoder;
import io.couplet.decoding.DenoisingRow;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes the groups of all waiting requests together: one thread takes every row of a policy one
 * denoising step further, then lets finished and abandoned groups go and waiting ones in, in order
 * of arrival. Rows of different policies never share a forward pass, so that nothing is gained by
 * taking turns: the policy of the oldest group goes on until that group is finished. A learner that
 * waits for one batch after the other gets the first one in half of the time in which it would get
 * both. Finished groups are scored on the same thread, which is the only one that touches a
 * policy's network.
 */
final class ContinuousBatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContinuousBatcher.class);
  private static final long IDLE_POLL_MS = 100;
  private static final String STOPPING = "The worker is stopping";

  private final String worker;
  private final int maxRows;
  private final int queueCapacity;
  private final BlockingQueue<GroupTask> inbox = new LinkedBlockingQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger rowsInFlight = new AtomicInteger();
  private final AtomicLong samples = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicLong steps = new AtomicLong();
  private final BusyMeter busy = new BusyMeter(System::nanoTime);
  private final Thread engine = new Thread(this::run, "denoising-engine");
  private volatile boolean stopping;

  /** Prepared and waiting for room, then in flight; both touched by the engine thread only. */
  private final Deque<GroupTask> waiting = new ArrayDeque<>();

  private final List<GroupTask> active = new ArrayList<>();

  /**
   * @param maxRows most rows in flight, at least 1; a larger group runs alone
   * @param queueCapacity most groups accepted and not yet in flight
   */
  ContinuousBatcher(String worker, int maxRows, int queueCapacity) {
    if (maxRows < 1 || queueCapacity < 1) {
      throw new IllegalArgumentException(
          "A worker needs room for at least 1 row and 1 waiting group, found %d and %d"
              .formatted(maxRows, queueCapacity));
    }
    this.worker = worker;
    this.maxRows = maxRows;
    this.queueCapacity = queueCapacity;
    engine.start();
  }

  /** Takes a place in the queue; false when it is full. */
  boolean reserve() {
    int before = queued.getAndUpdate(count -> Math.min(count + 1, queueCapacity));
    return before < queueCapacity;
  }

  /** Gives the place back, of a task that will not be submitted. */
  void unreserve() {
    queued.decrementAndGet();
  }

  /** Decodes a prepared task that has a place in the queue. */
  void submit(GroupTask task) {
    inbox.add(task);
    if (!engine.isAlive() && inbox.remove(task)) {
      end(task, Status.UNAVAILABLE, STOPPING);
    }
  }

  int queueCapacity() {
    return queueCapacity;
  }

  int queued() {
    return queued.get();
  }

  int rowsInFlight() {
    return rowsInFlight.get();
  }

  double busyShare() {
    return busy.share();
  }

  long samples() {
    return samples.get();
  }

  long tokens() {
    return tokens.get();
  }

  long denoisingSteps() {
    return steps.get();
  }

  private void run() {
    try {
      while (!(stopping && queued.get() == 0 && active.isEmpty())) {
        receive();
        long start = System.nanoTime();
        dropAbandoned(waiting.iterator(), queued::decrementAndGet);
        dropAbandoned(active.iterator(), () -> {});
        admit();
        if (!active.isEmpty()) {
          step();
          completeFinished();
          busy.workedSince(start);
        }
        countRows();
      }
    } catch (InterruptedException e) {
      waiting.addAll(active);
      inbox.drainTo(waiting);
      active.clear();
      waiting.forEach(task -> end(task, Status.UNAVAILABLE, STOPPING));
    }
  }

  private void receive() throws InterruptedException {
    if (active.isEmpty() && waiting.isEmpty()) {
      GroupTask first = inbox.poll(IDLE_POLL_MS, TimeUnit.MILLISECONDS);
      if (first != null) {
        waiting.add(first);
      }
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    inbox.drainTo(waiting);
  }

  private static void dropAbandoned(Iterator<GroupTask> tasks, Runnable onDrop) {
    while (tasks.hasNext()) {
      GroupTask task = tasks.next();
      if (task.abandoned()) {
        tasks.remove();
        task.release();
        onDrop.run();
      }
    }
  }

  private void admit() {
    int rows = unfinishedRows();
    while (!waiting.isEmpty()
        && (active.isEmpty() || rows + waiting.peek().groupSize() <= maxRows)) {
      GroupTask task = waiting.remove();
      queued.decrementAndGet();
      task.start();
      active.add(task);
      rows += task.groupSize();
    }
    countRows();
  }

  private void step() {
    LoadedPolicy oldest = active.get(0).policy();
    stepTogether(oldest, active.stream().filter(task -> task.policy() == oldest).toList());
  }

  private void stepTogether(LoadedPolicy policy, List<GroupTask> tasks) {
    List<DenoisingRow> rows = new ArrayList<>();
    tasks.forEach(task -> rows.addAll(task.rows()));
    try {
      steps.addAndGet(new BatchDecoder(policy.denoiser(), maxRows).step(rows));
      tasks.forEach(GroupTask::stepped);
    } catch (RuntimeException | Error e) {
      LOG.error("Denoising failed for {} groups", tasks.size(), e);
      active.removeAll(tasks);
      tasks.forEach(task -> end(task, Status.INTERNAL, "Denoising failed: " + e.getMessage()));
    }
  }

  private void completeFinished() {
    for (GroupTask task : List.copyOf(active)) {
      if (task.finished()) {
        complete(task);
      }
    }
  }

  private void complete(GroupTask task) {
    active.remove(task);
    try {
      task.complete(worker);
      samples.addAndGet(task.groupSize());
      tokens.addAndGet((long) task.groupSize() * task.request().getDecoding().getLength());
      task.release();
    } catch (RuntimeException | Error e) {
      LOG.error("Group {} was decoded but not answered", task.request().getGroup(), e);
      end(task, Status.INTERNAL, "Scoring failed: " + e.getMessage());
    }
  }

  private static void end(GroupTask task, Status status, String message) {
    task.fail(status.withDescription(message));
    task.release();
  }

  private void countRows() {
    rowsInFlight.set(unfinishedRows());
  }

  private int unfinishedRows() {
    return active.stream().mapToInt(GroupTask::unfinishedRows).sum();
  }

  /** Finishes what has been accepted, for at most that long. */
  void drain(Duration patience) throws InterruptedException {
    stopping = true;
    engine.join(patience.toMillis());
  }

  /** Ends everything at once; callers are told UNAVAILABLE. */
  @Override
  public void close() {
    stopping = true;
    engine.interrupt();
    try {
      engine.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
