package io.couplet.sandbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Bounded queue in which jobs that lost their worker go first. Thread-safe. */
final class JobQueue {
  private final ArrayDeque<PendingJob> waiting = new ArrayDeque<>();
  private final ArrayDeque<PendingJob> again = new ArrayDeque<>();
  private final int capacity;
  private boolean closed;

  JobQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Waits for room; false when the pool is closed. */
  synchronized boolean put(PendingJob job) throws InterruptedException {
    while (!closed && waiting.size() >= capacity) {
      wait();
    }
    if (closed) {
      return false;
    }
    waiting.addLast(job);
    notifyAll();
    return true;
  }

  /** Never waits: a retried job already had its place. False when the pool is closed. */
  synchronized boolean putAgain(PendingJob job) {
    if (closed) {
      return false;
    }
    again.addLast(job);
    notifyAll();
    return true;
  }

  /** Waits for a job; null when the pool is closed. */
  synchronized PendingJob take() throws InterruptedException {
    while (!closed && waiting.isEmpty() && again.isEmpty()) {
      wait();
    }
    if (closed) {
      return null;
    }
    PendingJob next = again.isEmpty() ? waiting.pollFirst() : again.pollFirst();
    notifyAll();
    return next;
  }

  synchronized int size() {
    return waiting.size() + again.size();
  }

  /** Wakes everyone; returns the jobs that nobody will take any more. */
  synchronized List<PendingJob> close() {
    closed = true;
    List<PendingJob> left = new ArrayList<>(again);
    left.addAll(waiting);
    again.clear();
    waiting.clear();
    notifyAll();
    return left;
  }
}
