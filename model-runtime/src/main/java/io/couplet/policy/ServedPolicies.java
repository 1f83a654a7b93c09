package io.couplet.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The policies that a worker has loaded, at most a fixed number (the current and the previous one),
 * each loaded once and closed when the last user is done with it. A lease always sees one complete,
 * unchanging policy; loading a newer one neither waits for leases nor disturbs them. Thread-safe.
 *
 * @param <T> a loaded policy, closed by this class alone
 */
public final class ServedPolicies<T extends AutoCloseable> implements AutoCloseable {
  /** Loads a policy; called outside of any lock, at most once at a time per content address. */
  @FunctionalInterface
  public interface Loader<T> {
    /** Throws {@link UnverifiablePolicyException} when the store does not hold the reference. */
    T load(PolicyReference reference) throws Exception;
  }

  private final Loader<T> loader;
  private final int capacity;

  /** By content address, least recently used first. Guarded by this map's monitor. */
  private final Map<String, Entry> served = new LinkedHashMap<>(4, 0.75f, true);

  private boolean closed;

  /** A loaded or loading policy; users and eviction are guarded by {@link #served}. */
  private final class Entry {
    final PolicyReference reference;
    final CompletableFuture<T> policy = new CompletableFuture<>();
    int users = 1;
    boolean evicted;

    Entry(PolicyReference reference) {
      this.reference = reference;
    }
  }

  /** Keeps two policies: the current and the previous. */
  public ServedPolicies(Loader<T> loader) {
    this(loader, 2);
  }

  /**
   * @param capacity policies that stay loaded while nobody uses them, at least 1
   */
  public ServedPolicies(Loader<T> loader, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("At least one policy is kept, not " + capacity);
    }
    this.loader = loader;
    this.capacity = capacity;
  }

  /**
   * The right to use a policy until {@link #close()}. Closing twice is harmless. One thread at a
   * time.
   */
  public final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean released;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /** {@link IllegalStateException} after {@link #close()}. */
    public T policy() {
      if (released) {
        throw new IllegalStateException(
            "The lease on policy version " + entry.reference.version() + " is closed");
      }
      return entry.policy.join();
    }

    public PolicyReference reference() {
      return entry.reference;
    }

    @Override
    public void close() {
      if (!released) {
        released = true;
        release(entry);
      }
    }
  }

  /**
   * A lease on the policy, loaded first if need be. Waits when another thread is loading it.
   *
   * @throws Exception what the loader threw; nothing is kept and the next call tries again
   */
  public Lease acquire(PolicyReference reference) throws Exception {
    Entry entry;
    boolean mine;
    synchronized (served) {
      if (closed) {
        throw new IllegalStateException("No policy is served any more: the worker is closing");
      }
      entry = served.get(reference.sha256());
      mine = entry == null;
      if (mine) {
        entry = new Entry(reference);
        served.put(reference.sha256(), entry);
      } else {
        entry.users++;
      }
    }
    if (mine) {
      load(entry);
    }
    try {
      entry.policy.join();
    } catch (CompletionException e) {
      release(entry);
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
    evictBeyondCapacity();
    return new Lease(entry);
  }

  private void load(Entry entry) {
    try {
      entry.policy.complete(loader.load(entry.reference));
    } catch (Throwable e) { // also an Error: whoever waits must learn of it
      synchronized (served) {
        served.remove(entry.reference.sha256(), entry);
        entry.evicted = true;
      }
      entry.policy.completeExceptionally(e);
    }
  }

  private void evictBeyondCapacity() {
    List<Entry> unused = new ArrayList<>();
    synchronized (served) {
      List<Entry> oldestFirst = new ArrayList<>(served.values());
      for (Entry entry : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - capacity))) {
        evict(entry, unused);
      }
    }
    unused.forEach(this::dispose);
  }

  /** Takes an entry out of service; one without users is added to {@code unused}. */
  private void evict(Entry entry, List<Entry> unused) {
    served.remove(entry.reference.sha256(), entry);
    entry.evicted = true;
    if (entry.users == 0) {
      unused.add(entry);
    }
  }

  private void release(Entry entry) {
    boolean last;
    synchronized (served) {
      entry.users--;
      last = entry.users == 0 && entry.evicted;
    }
    if (last) {
      dispose(entry);
    }
  }

  private void dispose(Entry entry) {
    if (entry.policy.isCompletedExceptionally()) {
      return;
    }
    try {
      entry.policy.join().close();
    } catch (Exception e) {
      throw new IllegalStateException(
          "Policy version " + entry.reference.version() + " could not be closed", e);
    }
  }

  /** The policies that are loaded and in service, most recently used first. */
  public List<PolicyReference> loaded() {
    List<PolicyReference> references = new ArrayList<>();
    synchronized (served) {
      for (Entry entry : served.values()) {
        if (entry.policy.isDone() && !entry.policy.isCompletedExceptionally()) {
          references.add(0, entry.reference);
        }
      }
    }
    return List.copyOf(references);
  }

  /** Refuses further leases and closes every policy as soon as its last lease ends. */
  @Override
  public void close() {
    List<Entry> unused = new ArrayList<>();
    synchronized (served) {
      closed = true;
      for (Entry entry : List.copyOf(served.values())) {
        evict(entry, unused);
      }
    }
    unused.forEach(this::dispose);
  }
}
