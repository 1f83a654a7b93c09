package io.couplet.worker;

import io.couplet.policy.PolicyReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * The policies in memory: the one asked for last and the one before it, and any other that is still
 * in use. Policies are told apart by sha256. A load runs beside whatever is being decoded; several
 * requests for one policy share its load. A policy is closed when it is neither in use nor one of
 * the two. Thread-safe.
 */
final class PolicyCache implements AutoCloseable {
  private static final int KEPT = 2;

  private final PolicyLoader loader;
  private final ExecutorService loading =
      Executors.newSingleThreadExecutor(task -> daemon(task, "policy-loader"));

  /** By sha256, least recently asked for first. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(8, 0.75f, true);

  private boolean closed;

  PolicyCache(PolicyLoader loader) {
    this.loader = loader;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A policy held in memory until closed; closing twice does nothing more. */
  final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean released;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    LoadedPolicy policy() {
      return entry.policy;
    }

    @Override
    public void close() {
      synchronized (PolicyCache.this) {
        if (!released) {
          released = true;
          entry.users--;
        }
      }
      closeUnused();
    }
  }

  private static final class Entry {
    final PolicyReference reference;
    final CompletableFuture<LoadedPolicy> loaded = new CompletableFuture<>();
    volatile LoadedPolicy policy;
    int users;

    Entry(PolicyReference reference) {
      this.reference = reference;
    }
  }

  /**
   * The policy, as soon as it is in memory. Fails with {@link PolicyUnavailableException}; a failed
   * load is tried again by the next call.
   */
  CompletableFuture<Lease> acquire(PolicyReference reference) {
    Entry entry;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(
            new PolicyUnavailableException("The worker is shutting down"));
      }
      entry = entries.get(reference.sha256());
      if (entry == null) {
        entry = new Entry(reference);
        entries.put(reference.sha256(), entry);
        startLoading(entry);
      }
      entry.users++;
    }
    Entry mine = entry;
    return mine.loaded.thenApply(policy -> new Lease(mine));
  }

  private void startLoading(Entry entry) {
    try {
      loading.execute(() -> load(entry));
    } catch (RejectedExecutionException e) {
      entry.loaded.completeExceptionally(
          new PolicyUnavailableException("The worker is shutting down", e));
    }
  }

  private void load(Entry entry) {
    try {
      entry.policy = loader.load(entry.reference);
    } catch (PolicyUnavailableException | RuntimeException | Error e) {
      forget(entry);
      entry.loaded.completeExceptionally(e);
      return;
    }
    entry.loaded.complete(entry.policy);
    closeUnused();
  }

  private synchronized void forget(Entry entry) {
    entries.remove(entry.reference.sha256(), entry);
  }

  /** Closes what is loaded, unused and not among the most recently asked for. */
  private void closeUnused() {
    List<LoadedPolicy> superfluous = new ArrayList<>();
    synchronized (this) {
      int older = entries.size() - (closed ? 0 : KEPT);
      Iterator<Entry> oldestFirst = entries.values().iterator();
      for (int i = 0; i < older; i++) {
        Entry entry = oldestFirst.next();
        if (entry.users == 0 && entry.policy != null) {
          oldestFirst.remove();
          superfluous.add(entry.policy);
        }
      }
    }
    superfluous.forEach(LoadedPolicy::close);
  }

  /** What is in memory, the one asked for last first. */
  synchronized List<PolicyReference> loaded() {
    List<PolicyReference> references = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.policy != null) {
        references.add(0, entry.reference);
      }
    }
    return references;
  }

  /** Lets a running load finish and closes every policy that is not in use; the others follow. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    loading.shutdown();
    closeUnused();
  }
}
