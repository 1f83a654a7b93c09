package io.couplet.learning;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.ScoringSettings;
import io.couplet.grpo.TokenScorer;
import io.couplet.torch.DreamWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token scores of the reference policy, group by group. They depend on the reference, the sequences
 * and their masks alone, so that a group can be scored {@linkplain #ahead ahead}, on a thread of
 * its own, while an update with other groups is computed. Scored ahead or not, the bits are the
 * same: a group always shares its forward passes with itself alone.
 *
 * <p>{@link #ahead} may be called by any thread, everything else by the learner's.
 */
final class ReferenceScores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceScores.class);

  /** More are scored when they are asked for. */
  private static final int MOST_AHEAD = 64;

  private static final long CLOSE_SECONDS = 60;

  private final DreamWeights reference;
  private final TokenScorer scorer;
  private final long runSeed;
  private final ScoringSettings settings;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, PolicyLearner.REFERENCE_THREAD);
            made.setDaemon(true);
            return made;
          });

  /** By group, in the order in which they were announced. */
  private final Map<String, Ahead> ahead = new LinkedHashMap<>();

  private boolean changing;

  /** Runs once, on whichever thread comes to it first. */
  private record Ahead(Supplier<List<CompletedPrompt>> sequences, FutureTask<Scored> task) {}

  private record Scored(List<CompletedPrompt> sequences, float[][][] scores) {}

  ReferenceScores(
      DreamWeights reference, TokenScorer scorer, long runSeed, ScoringSettings settings) {
    this.reference = reference;
    this.scorer = scorer;
    this.runSeed = runSeed;
    this.settings = settings;
  }

  /** To be read by the learner's thread; {@link #change} changes them. */
  DreamWeights weights() {
    return reference;
  }

  /**
   * Begins to score a group that {@link #of} may ask for. Groups are to be announced in the order
   * in which they will be asked for: whatever was announced before a group that is asked for is
   * forgotten.
   *
   * @param sequences called once, on the thread that scores
   */
  void ahead(String group, Supplier<List<CompletedPrompt>> sequences) {
    synchronized (ahead) {
      if (ahead.size() < MOST_AHEAD) {
        begin(group, sequences);
      }
    }
  }

  private void begin(String group, Supplier<List<CompletedPrompt>> sequences) {
    FutureTask<Scored> task = new FutureTask<>(() -> score(sequences.get()));
    ahead.put(group, new Ahead(sequences, task));
    if (!changing) {
      thread.execute(task);
    }
  }

  private Scored score(List<CompletedPrompt> sequences) {
    return new Scored(sequences, scorer.score(sequences, runSeed, settings));
  }

  /**
   * Scores of sequences, those of a group beside each other.
   *
   * @return [sequence][mu][L]
   */
  float[][][] of(List<CompletedPrompt> sequences) {
    float[][][] scores = new float[sequences.size()][][];
    int from = 0;
    while (from < sequences.size()) {
      String group = sequences.get(from).group();
      int to = from + 1;
      while (to < sequences.size() && sequences.get(to).group().equals(group)) {
        to++;
      }
      float[][][] own = ofGroup(group, sequences.subList(from, to));
      System.arraycopy(own, 0, scores, from, own.length);
      from = to;
    }
    return scores;
  }

  private float[][][] ofGroup(String group, List<CompletedPrompt> sequences) {
    Ahead begun = take(group);
    if (begun != null) {
      begun.task().run(); // does nothing when the other thread has begun it
      try {
        Scored scored = result(begun.task());
        if (same(scored.sequences(), sequences)) {
          return scored.scores();
        }
      } catch (RuntimeException e) {
        LOG.warn("Group {} could not be scored ahead and is scored now", group, e);
      }
    }
    return score(sequences).scores();
  }

  private Ahead take(String group) {
    synchronized (ahead) {
      Ahead found = ahead.get(group);
      Iterator<Map.Entry<String, Ahead>> oldest = ahead.entrySet().iterator();
      boolean older = found != null;
      while (older) {
        Map.Entry<String, Ahead> next = oldest.next();
        oldest.remove();
        older = !next.getKey().equals(group);
        if (older) {
          next.getValue().task().cancel(false);
        }
      }
      return found;
    }
  }

  private static boolean same(List<CompletedPrompt> one, List<CompletedPrompt> other) {
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      same =
          one.get(i).member() == other.get(i).member()
              && Arrays.equals(one.get(i).promptIds(), other.get(i).promptIds())
              && Arrays.equals(one.get(i).completionIds(), other.get(i).completionIds());
    }
    return same;
  }

  /**
   * Lets the weights be changed until it is closed: nothing is scored meanwhile, and what was
   * scored ahead before is scored again after.
   */
  Change change() {
    synchronized (ahead) {
      changing = true;
      ahead.values().forEach(begun -> begun.task().cancel(false));
    }
    result(thread.submit(() -> {}));
    return new Change();
  }

  final class Change implements AutoCloseable {
    private Change() {}

    DreamWeights weights() {
      return reference;
    }

    @Override
    public void close() {
      synchronized (ahead) {
        changing = false;
        Map<String, Ahead> stale = new LinkedHashMap<>(ahead);
        ahead.clear();
        stale.forEach((group, begun) -> begin(group, begun.sequences()));
      }
    }
  }

  private static <T> T result(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true; // a forward pass takes a moment and is not left half done
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns when nothing reads the reference any more. */
  @Override
  public void close() {
    for (Runnable left : new ArrayList<>(thread.shutdownNow())) {
      ((Future<?>) left).cancel(false);
    }
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    while (!thread.isTerminated()) {
      try {
        if (!thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new IllegalStateException(
              "Scoring has not ended within " + CLOSE_SECONDS + " s of being told to");
        }
      } catch (InterruptedException e) {
        interrupted = true; // the weights must not be freed under its hands
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
