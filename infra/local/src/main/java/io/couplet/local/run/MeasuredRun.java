package io.couplet.local.run;

import io.couplet.bench.CoreTime;
import io.couplet.bench.HopLatencies;
import io.couplet.bench.ProcessorTime;
import io.couplet.config.RunConfig;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A run in local mode for the sake of its figures: from one update to another, then it stops. */
public final class MeasuredRun {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long CHECK_NANOS = 1_000_000_000L;

  /**
   * What was measured between two updates.
   *
   * @param updates ledger records of the updates in between, the first one excluded
   * @param wallSeconds between the two readings of the clocks, each made when the ledger record of
   *     its update was seen
   * @param processor what the run used
   * @param cores what the cores did, for the run or not
   */
  public record Measurement(
      List<LedgerEntry> updates,
      double wallSeconds,
      ProcessorTime processor,
      CoreTime cores,
      HopLatencies hops) {
    public Measurement {
      updates = List.copyOf(updates);
    }

    public long rollouts() {
      return updates.stream().mapToLong(LedgerEntry::getRollouts).sum();
    }

    /** Of a stage, over all updates, by its name in the ledger. */
    public double seconds(String stage) {
      return updates.stream().mapToDouble(u -> u.getSeconds().getOrDefault(stage, 0.0)).sum();
    }
  }

  private MeasuredRun() {}

  /**
   * Starts a new run and stops it when it has made update {@code until}.
   *
   * @param directory must not hold a run
   * @param from updates before this one are for warming up, at least 1
   * @throws IOException in a sentence when the run cannot go on
   */
  public static Measurement measure(
      RunDirectory directory, RunConfig config, long from, long until, Consumer<String> notes)
      throws Exception {
    RunConfiguration.save(directory, config);
    try (LocalRun run = LocalRun.start(directory, config, notes)) {
      run.submitJobs(directory, notes);
      try (TopicReader<LedgerEntry> ledger =
          new TopicReader<>(run.kafka(), run.topics(), Topic.LEDGER)) {
        return measure(run, ledger, from, until, notes);
      } finally {
        run.stopJobs();
      }
    }
  }

  private static Measurement measure(
      LocalRun run, TopicReader<LedgerEntry> ledger, long from, long until, Consumer<String> notes)
      throws IOException, InterruptedException {
    List<LedgerEntry> updates = new ArrayList<>();
    LedgerEntry first = null;
    long begun = 0;
    ProcessorTime before = null;
    CoreTime coresBefore = null;
    long nextCheck = System.nanoTime();
    while (true) {
      for (var received : ledger.poll(POLL)) {
        LedgerEntry entry = received.value().orElseThrow();
        if (entry.getPart() > 0) {
          continue;
        }
        if (first != null) {
          updates.add(entry);
        }
        if (entry.getStep() == from) {
          first = entry;
          begun = System.nanoTime();
          before = run.processorTime();
          coresBefore = CoreTime.now();
          notes.accept("measuring from update " + from + " to " + until);
        }
        if (entry.getStep() >= until) {
          double wallSeconds = (System.nanoTime() - begun) / 1e9;
          ProcessorTime used = run.processorTime().since(before);
          long start = first.getCreatedMs();
          return new Measurement(
              updates,
              wallSeconds,
              used,
              CoreTime.now().since(coresBefore),
              HopLatencies.read(run.kafka(), run.topics(), start, entry.getCreatedMs()));
        }
      }
      if (System.nanoTime() - nextCheck >= 0) {
        nextCheck = System.nanoTime() + CHECK_NANOS;
        Optional<String> end = run.check().end();
        if (end.isPresent()) {
          throw new IOException(end.get());
        }
      }
    }
  }
}
