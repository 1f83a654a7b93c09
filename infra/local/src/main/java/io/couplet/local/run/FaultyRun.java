package io.couplet.local.run;

import io.couplet.config.RunConfig;
import io.couplet.learner.FailurePoint;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.Group;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A run in local mode over a finite set of problems, parts of which are killed on the way. One at a
 * time in a JVM: the learner that is made to fail finds its orders in a static field.
 */
public final class FaultyRun {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final long CHECK_NANOS = 500_000_000L;
  private static final Duration STANDSTILL = Duration.ofMinutes(5);

  /** The point at which the learner is to fail next, if it is. */
  private static final AtomicReference<FailurePoint.Point> ARMED = new AtomicReference<>();

  /** What is killed. */
  public enum Fault {
    /** The worker's process, with kill -9. */
    WORKER,
    /** The learner's task, by an exception at a named point. */
    LEARNER,
    /** The broker's process, with kill -9. */
    BROKER,
    /** Flink's TaskManager in the run's JVM, with the tasks of every job. */
    TASK_MANAGER
  }

  /**
   * One kill.
   *
   * @param point where the learner was; empty for the others
   * @param atMs wall clock
   * @param step updates before it
   */
  public record Injected(Fault fault, Optional<FailurePoint.Point> point, long atMs, long step) {}

  /**
   * How the run went.
   *
   * @param seconds from the first policy to the last problem
   */
  public record Course(List<Injected> injected, double seconds) {
    public Course {
      injected = List.copyOf(injected);
    }
  }

  private final LocalRun run;
  private final long every;
  private final List<Injected> injected = new ArrayList<>();
  private final Set<String> closed = new HashSet<>();
  private long step;
  private long consumed;
  private long startedNanos;
  private long movedNanos = System.nanoTime();

  private FaultyRun(LocalRun run, long every) {
    this.run = run;
    this.every = every;
  }

  /**
   * Starts a new run and stops it when every problem has been visited once and learned from or left
   * out by a rule.
   *
   * @param directory must not hold a run
   * @param config {@code problems.epochs} must be 1
   * @param every updates from one kill to the next; 0 for an undisturbed run
   * @throws IOException in a sentence when the run cannot go on or stands still
   */
  public static Course follow(
      RunDirectory directory, RunConfig config, long every, Consumer<String> notes)
      throws Exception {
    ARMED.set(null);
    RunConfiguration.save(directory, config);
    try (LocalRun run = LocalRun.start(directory, config, notes)) {
      run.submitJobs(directory, FaultyRun::reached, notes);
      try {
        return new FaultyRun(run, every).follow(config, notes);
      } finally {
        run.stopJobs();
      }
    }
  }

  private static void reached(FailurePoint.Point point, long step) {
    if (step > 0 && ARMED.compareAndSet(point, null)) {
      throw new IllegalStateException("Killed for a measurement: " + point + " of step " + step);
    }
  }

  private Course follow(RunConfig config, Consumer<String> notes) throws Exception {
    long problems = config.problems().count();
    int groups = config.admission().groupsPerUpdate();
    try (TopicReader<Group> tape = new TopicReader<>(run.kafka(), run.topics(), Topic.GROUPS);
        TopicReader<Policy> policies =
            new TopicReader<>(run.kafka(), run.topics(), Topic.POLICIES)) {
      long nextCheck = 0;
      // Fewer groups than an update needs may stay pending at the end.
      while (closed.size() < problems || consumed <= problems - groups) {
        take(tape, policies);
        if (every > 0 && step >= every * (injected.size() + 1L) && closed.size() < problems) {
          kill(notes);
        }
        if (System.nanoTime() - nextCheck >= 0) {
          nextCheck = System.nanoTime() + CHECK_NANOS;
          requireProgress();
        }
      }
    }
    return new Course(injected, (System.nanoTime() - startedNanos) / 1e9);
  }

  private void take(TopicReader<Group> tape, TopicReader<Policy> policies) {
    for (var received : tape.poll(POLL)) {
      received.value().ifPresent(group -> closed.add(group.getGroup()));
    }
    for (var received : policies.poll(POLL)) {
      Policy policy = received.value().orElseThrow();
      startedNanos = startedNanos == 0 ? System.nanoTime() : startedNanos;
      movedNanos = System.nanoTime();
      step = Math.max(step, policy.getStep());
      consumed = Math.max(consumed, policy.getConsumedGroups());
    }
  }

  private void requireProgress() throws IOException, InterruptedException {
    Optional<String> end = run.check().end();
    if (end.isPresent()) {
      throw new IOException(end.get());
    }
    if (System.nanoTime() - movedNanos > STANDSTILL.toNanos()) {
      throw new IOException(
          "The run has stood still for "
              + STANDSTILL.toMinutes()
              + " minutes after "
              + injected.size()
              + " kills, at update "
              + step);
    }
  }

  private void kill(Consumer<String> notes) throws Exception {
    int number = injected.size();
    Fault fault = Fault.values()[number % Fault.values().length];
    Optional<FailurePoint.Point> point = Optional.empty();
    long atMs = System.currentTimeMillis();
    switch (fault) {
      case WORKER -> run.killWorker(0);
      case BROKER -> run.killBroker();
      case TASK_MANAGER -> run.loseTaskManager();
      case LEARNER -> {
        FailurePoint.Point[] points = FailurePoint.Point.values();
        point = Optional.of(points[number / Fault.values().length % points.length]);
        ARMED.set(point.get());
        atMs = awaitFailure();
      }
    }
    injected.add(new Injected(fault, point, atMs, step));
    notes.accept(
        "after update " + step + ": " + fault + point.map(where -> " " + where).orElse(""));
  }

  /** Returns when the learner has reached the point that was armed: the wall clock then. */
  private static long awaitFailure() throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + STANDSTILL.toNanos();
    while (ARMED.get() != null) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IOException("The learner has not reached " + ARMED.get());
      }
      Thread.sleep(5);
    }
    return System.currentTimeMillis();
  }
}
