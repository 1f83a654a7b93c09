package io.couplet.rollout;

import io.couplet.random.RandomStream;
import io.couplet.rollout.state.GateCursor;
import io.couplet.rollout.state.ProblemPlace;
import io.couplet.schemas.Problem;
import java.util.Optional;

/**
 * Decides which problem is generated for next, and when. It admits while
 *
 * <pre>sequence &lt; consumed + (K + 1) * B</pre>
 *
 * so that at most (K + 1) * B groups are under way and rollouts are at most K versions old.
 * Problems that were never admitted go first, in order of arrival; when none waits and the source
 * has gone idle, the whole set is visited again, pass by pass, each in an order that follows from
 * (seed, pass). The group id, {@code problem@epoch}, says how often the problem had been admitted
 * before, so the same visit always has the same name.
 *
 * <p>A state machine without clock, thread or input of its own; all it knows is in its {@link
 * GateStore}. Not thread-safe.
 */
final class AdmissionGate {

  /**
   * @param seed run seed
   * @param window (K + 1) * B, groups under way at most, at least 1
   * @param epochs visits of each problem, 0 for no limit
   */
  record Settings(long seed, long window, int epochs) implements java.io.Serializable {
    Settings {
      if (window < 1 || epochs < 0) {
        throw new IllegalArgumentException(
            "The gate needs a window of at least 1 and epochs of at least 0, not "
                + window
                + " and "
                + epochs);
      }
    }
  }

  /** A problem whose turn has come. */
  record Admission(Problem problem, long sequence, int epoch) {
    String group() {
      return problem.getId() + "@" + epoch;
    }
  }

  /** What a problem was to the gate. */
  enum Arrival {
    NEW,
    DUPLICATE,
    /** Another content under a known id; it counts from the problem's next visit on. */
    CHANGED
  }

  private final Settings settings;
  private final GateStore store;
  private PassOrder order;

  AdmissionGate(Settings settings, GateStore store) {
    this.settings = settings;
    this.store = store;
  }

  /** Takes a problem into the set. */
  Arrival offer(Problem problem) {
    GateCursor cursor = store.cursor();
    Optional<ProblemPlace> known = store.place(problem.getId());
    Arrival arrival;
    if (known.isEmpty()) {
      arrival = Arrival.NEW;
      store.add(new ProblemPlace(cursor.getKnown(), cursor.getPass()), problem);
      cursor.setKnown(cursor.getKnown() + 1);
      cursor.setLastJoined(cursor.getPass());
      cursor.setSourceIdle(false);
    } else if (store.problem(known.get().getPlace()).equals(problem)) {
      arrival = Arrival.DUPLICATE;
      cursor.setDuplicates(cursor.getDuplicates() + 1);
    } else {
      arrival = Arrival.CHANGED;
      store.replace(known.get().getPlace(), problem);
      cursor.setChanged(cursor.getChanged() + 1);
    }
    store.save(cursor);
    return arrival;
  }

  /** The learner is done with that many groups in all; a smaller number than before is old news. */
  void credit(long consumed) {
    GateCursor cursor = store.cursor();
    if (consumed > cursor.getConsumed()) {
      cursor.setConsumed(consumed);
      store.save(cursor);
    }
  }

  /** No problem has arrived for a while, so the set is as complete as it is going to be for now. */
  void sourceIdle() {
    GateCursor cursor = store.cursor();
    cursor.setSourceIdle(true);
    store.save(cursor);
  }

  /** The next admission, if there is credit and a problem to visit. */
  Optional<Admission> next() {
    GateCursor cursor = store.cursor();
    if (cursor.getSequence() >= cursor.getConsumed() + settings.window()) {
      return Optional.empty();
    }
    Optional<Admission> admission =
        cursor.getFresh() < cursor.getKnown() ? Optional.of(firstVisit(cursor)) : revisit(cursor);
    admission.ifPresent(made -> cursor.setSequence(cursor.getSequence() + 1));
    store.save(cursor);
    return admission;
  }

  private Admission firstVisit(GateCursor cursor) {
    Problem problem = store.problem(cursor.getFresh());
    cursor.setFresh(cursor.getFresh() + 1);
    return new Admission(problem, cursor.getSequence(), 0);
  }

  private Optional<Admission> revisit(GateCursor cursor) {
    if (!cursor.getSourceIdle()) {
      return Optional.empty();
    }
    while (true) {
      while (cursor.getPassPosition() < cursor.getPassSize()) {
        long place = order(cursor).place(cursor.getPassPosition());
        cursor.setPassPosition(cursor.getPassPosition() + 1);
        Problem problem = store.problem(place);
        int epoch = cursor.getPass() - store.place(problem.getId()).orElseThrow().getJoined();
        if (settings.epochs() == 0 || epoch < settings.epochs()) {
          return Optional.of(new Admission(problem, cursor.getSequence(), epoch));
        }
      }
      if (cursor.getKnown() == 0 || exhausted(cursor)) {
        return Optional.empty();
      }
      cursor.setPass(cursor.getPass() + 1);
      cursor.setPassSize(cursor.getKnown());
      cursor.setPassPosition(0L);
    }
  }

  /** Whether another pass would find every problem visited as often as it may be. */
  private boolean exhausted(GateCursor cursor) {
    return settings.epochs() > 0
        && cursor.getPass() + 1 - cursor.getLastJoined() >= settings.epochs();
  }

  private PassOrder order(GateCursor cursor) {
    if (order == null || order.pass() != cursor.getPass()) {
      order = PassOrder.of(settings.seed(), cursor.getPass(), cursor.getPassSize());
    }
    return order;
  }

  /** Order of one pass: a permutation of the places, from (seed, pass) alone. */
  private record PassOrder(int pass, int[] places) {
    static PassOrder of(long seed, int pass, long size) {
      int[] places = new int[Math.toIntExact(size)];
      RandomStream random = RandomStream.named(seed, "admission", pass);
      // Inside-out Fisher-Yates.
      for (int i = 0; i < places.length; i++) {
        int j = random.nextInt(i + 1);
        places[i] = places[j];
        places[j] = i;
      }
      return new PassOrder(pass, places);
    }

    long place(long position) {
      return places[(int) position];
    }
  }
}
