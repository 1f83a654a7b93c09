package io.couplet.learning;

import io.couplet.grpo.CompletedPrompt;
import io.couplet.grpo.ScoringSettings;
import io.couplet.grpo.TokenScorer;
import io.couplet.torch.DreamWeights;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
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

  private final DreamWeights reference;
  private final TokenScorer scorer;
  private final long runSeed;
  private final ScoringSettings settings;
  private final WorkThread thread = new WorkThread(PolicyLearner.REFERENCE_THREAD);

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
      if (ahead.size() < MOST_AHEAD && !ahead.containsKey(group)) {
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
   * Scores of the members of a group, [member][mu][L]: the first who asks computes them, unless
   * they have been. Any thread may ask, until the reference is changed.
   */
  Supplier<float[][][]> of(List<CompletedPrompt> group) {
    Ahead begun = take(group.get(0).group());
    FutureTask<float[][][]> scores = new FutureTask<>(() -> scores(begun, group));
    return () -> {
      scores.run();
      return WorkThread.result(scores);
    };
  }

  private float[][][] scores(Ahead begun, List<CompletedPrompt> group) {
    if (begun != null) {
      begun.task().run(); // does nothing when the other thread has begun it
      try {
        Scored scored = WorkThread.result(begun.task());
        if (same(scored.sequences(), group)) {
          return scored.scores();
        }
      } catch (RuntimeException e) {
        LOG.warn("Group {} could not be scored ahead and is scored now", group.get(0).group(), e);
      }
    }
    return score(group).scores();
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
          one.get(i).group().equals(other.get(i).group())
              && one.get(i).member() == other.get(i).member()
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
    thread.settle();
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

  /** Returns when nothing reads the reference any more. */
  @Override
  public void close() {
    thread.close();
  }
}
