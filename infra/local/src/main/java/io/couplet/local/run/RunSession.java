package io.couplet.local.run;

import io.couplet.config.RunConfig;
import io.couplet.local.process.Interrupts;
import io.couplet.local.progress.Display;
import io.couplet.local.progress.RunProgress;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunLock;
import io.couplet.local.rundir.RunManifest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** {@code couplet run}: from the command line to the end of the run or of a person's patience. */
public final class RunSession {
  /** How a session ended. */
  public enum Ending {
    /** The step that was asked for has been made. */
    DONE,
    /** Somebody stopped it; the same command goes on from here. */
    INTERRUPTED
  }

  private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

  private final RunDirectory directory;
  private final RunConfig config;
  private final Optional<Long> untilStep;
  private final Function<String, Display> displays;
  private final Interrupts interrupts;
  private final long startedMs = System.currentTimeMillis();
  private final long startedNanos = System.nanoTime();

  /**
   * @param untilStep the step to reach; without one the run goes on until it is stopped
   * @param displays makes the display once the address of the web UI is known
   */
  public RunSession(
      RunDirectory directory,
      RunConfig config,
      Optional<Long> untilStep,
      Function<String, Display> displays,
      Interrupts interrupts) {
    this.directory = directory;
    this.config = config;
    this.untilStep = untilStep;
    this.displays = displays;
    this.interrupts = interrupts;
  }

  /**
   * Runs until the end.
   *
   * @throws IOException in a sentence when the run cannot go on
   */
  public Ending run(java.util.function.Consumer<String> notes) throws Exception {
    RunManifest.open(directory);
    try (RunLock lock =
        RunLock.tryTake(directory)
            .orElseThrow(
                () ->
                    new IOException(
                        "The run '"
                            + directory.name()
                            + "' is going already, in another process. Watch it with ./couplet"
                            + " status, or start another one with --name."))) {
      RunConfiguration.save(directory, config);
      RunProgress progress =
          RunProgress.open(
              directory.metrics(),
              new RunProgress.Plan(config.evaluation().every(), untilStep),
              startedMs);
      if (progress.isDone()) {
        notes.accept(
            "The run '" + directory.name() + "' has made step " + untilStep.get() + " already.");
        return Ending.DONE;
      }
      try (LocalRun run = interrupts.abandonable(() -> LocalRun.start(directory, config, notes))) {
        notes.accept(
            "Kafka "
                + run.endpoints().kafka()
                + "   web UI "
                + run.endpoints().web()
                + "   metrics "
                + run.endpoints().metrics());
        interrupts.abandonable(
            () -> {
              run.submitJobs(directory, notes);
              return run;
            });
        return follow(run, lock, progress, displays.apply(run.endpoints().web()));
      } catch (InterruptedException e) {
        return Ending.INTERRUPTED;
      }
    }
  }

  private Ending follow(LocalRun run, RunLock lock, RunProgress progress, Display display)
      throws Exception {
    try (LedgerWatch watch = new LedgerWatch(run.kafka(), run.topics(), progress, display)) {
      boolean updating = true;
      Optional<String> told = Optional.empty();
      long nextCheck = 0;
      while (true) {
        watch.follow();
        display.refresh(progress.snapshot(), Duration.ofNanos(System.nanoTime() - startedNanos));
        if (progress.isDone() || interrupts.requested()) {
          display.note("taking a last checkpoint");
          run.stopJobs();
          watch.follow();
          display.refresh(progress.snapshot(), Duration.ofNanos(System.nanoTime() - startedNanos));
          return progress.isDone() ? Ending.DONE : Ending.INTERRUPTED;
        }
        if (updating && progress.hasReachedEnd()) {
          display.note("evaluating the last version");
          run.stopUpdating();
          updating = false;
        }
        if (System.nanoTime() - startedNanos >= nextCheck) {
          nextCheck = System.nanoTime() - startedNanos + CHECK_EVERY.toNanos();
          if (!lock.isInPlace()) {
            throw new IOException(
                "The directory of the run, "
                    + directory.path()
                    + ", was deleted or moved while the run was going; the run has stopped. Stop a"
                    + " run with Ctrl-C before you delete or move it.");
          }
          LocalRun.Condition condition = check(run);
          Optional<String> trouble = condition.trouble();
          if (trouble.isPresent() && !trouble.equals(told)) {
            display.note(trouble.get());
            told = trouble;
          }
          Optional<String> end = watch.halted().or(condition::end);
          if (end.isPresent()) {
            throw new IOException(end.get() + " The log is in " + directory.logs() + ".");
          }
        }
      }
    }
  }

  private static LocalRun.Condition check(LocalRun run) {
    try {
      return run.check();
    } catch (IOException e) {
      return LocalRun.Condition.ends(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return LocalRun.Condition.ends("The run was interrupted.");
    }
  }
}
