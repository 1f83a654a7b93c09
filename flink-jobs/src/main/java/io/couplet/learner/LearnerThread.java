package io.couplet.learner;

import io.couplet.learning.WorkThread;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The thread of a {@link Learner}, so that the tape is read on while an update is computed: groups
 * that are certain to be skipped are credited when they are read, the others are made ready for
 * their update, and the learner finds the groups in their place when the update is done. Everything
 * the learner does happens here, in the order it was asked for.
 *
 * <p>Called by one thread, the reader's. After a failure nothing more is done, and every call
 * throws it.
 */
final class LearnerThread implements AutoCloseable {
  private final WorkThread thread = new WorkThread(LearnerOperator.THREAD);
  private final Semaphore room;
  private final int capacity;
  private final Consumer<Throwable> onFailure;
  private volatile Throwable failure;
  private Learner learner;
  private Foresight foresight;

  /** Does something with the learner. */
  interface Work<R> {
    R with(Learner learner) throws IOException;
  }

  /**
   * @param capacity records read and not yet learnt from, at least 1; reading waits for room
   * @param onFailure told once, on the learner's thread
   */
  LearnerThread(int capacity, Consumer<Throwable> onFailure) {
    this.capacity = capacity;
    this.room = new Semaphore(capacity);
    this.onFailure = onFailure;
  }

  /** Opens the learner, on its thread. */
  void open(TapeSettings settings, Callable<Learner> opening) throws Exception {
    learner = await(opening);
    foresight = new Foresight(settings, learner.position(), capacity);
  }

  /** Hands the next record of the tape over. */
  void read(long offset, Group group) throws Exception {
    check();
    room.acquire();
    boolean paid = foresight.skips(group);
    if (paid) {
      learner.payAhead();
    } else {
      learner.foresee(group);
    }
    thread.execute(
        () -> {
          run(
              learning -> {
                learning.read(offset, group, paid);
                return null;
              });
          room.release();
        });
  }

  /**
   * Does something when every record read so far has been learnt from, and waits for it. What it
   * throws is the caller's matter alone: the learner goes on.
   */
  <R> R call(Work<R> work) throws Exception {
    check();
    R result = await(() -> failure == null ? work.with(learner) : null);
    check();
    return result;
  }

  /** Does something when every record read so far has been learnt from. */
  void later(Work<?> work) throws Exception {
    check();
    thread.execute(() -> run(work));
  }

  private <R> R await(Callable<R> work) throws Exception {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void run(Work<?> work) {
    if (failure != null) {
      return;
    }
    try {
      work.with(learner);
    } catch (Throwable e) {
      failure = e;
      onFailure.accept(e);
    }
  }

  /** Throws what the learner has failed with. */
  void check() throws Exception {
    Throwable thrown = failure;
    if (thrown instanceof Error error) {
      throw error;
    } else if (thrown instanceof Exception exception) {
      throw exception;
    }
  }

  /** Interrupts what is under way and returns when the learner has let go of everything. */
  @Override
  public void close() {
    thread.close();
  }
}
