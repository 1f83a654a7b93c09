package io.couplet.bench;

import io.couplet.local.run.MeasuredRun.Measurement;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemSplit;
import io.couplet.worker.scripted.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The streaming plane under a whole run whose worker is scripted: answers come from a file, without
 * a model, so that generation costs next to nothing. Sandbox and learner are the real ones.
 */
public final class StreamsBenchmark {
  private static final int PROBLEMS = 512;

  /**
   * Processor time of one part.
   *
   * @param share of everything the run used
   */
  public record Part(String name, double microsPerRollout, double share) {}

  /**
   * What was measured.
   *
   * @param streamingShare share of streaming and framework code in the processor time
   * @param threads microseconds per rollout of the kinds of threads in the run's JVM that used most
   */
  public record Report(
      String worker,
      long rollouts,
      double seconds,
      double rolloutsPerSecond,
      double recordsPerSecond,
      double streamingMicrosPerRollout,
      double streamingShare,
      List<Part> parts,
      Map<String, Double> threads,
      Map<String, HopLatencies.Percentiles> hops) {
    public Report {
      parts = List.copyOf(parts);
      threads = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(threads));
      hops = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(hops));
    }
  }

  private final BenchRuns runs;
  private final long warmUp;
  private final long updates;

  /**
   * @param directory working files
   * @param warmUp updates before those that count, at least 1
   */
  public StreamsBenchmark(
      Path directory, List<String> settings, long warmUp, long updates, Consumer<String> progress) {
    this.runs = new BenchRuns(directory, settings, progress);
    this.warmUp = warmUp;
    this.updates = updates;
  }

  public Report run() throws Exception {
    Path script = runs.directory().resolve("script.jsonl");
    Script.halfSolved(new ProblemGenerator(ProblemSplit.TRAINING, 1).distinct(PROBLEMS))
        .write(script);
    return report(
        runs.measure(
            "streams",
            List.of(
                "problems.count=" + PROBLEMS,
                "evaluation.every=0",
                "local.scripted='" + script + "'"),
            warmUp,
            updates));
  }

  static Report report(Measurement measured) {
    ProcessorTime used = measured.processor();
    double perRollout = 1e6 / measured.rollouts();
    Map<String, Double> byPart = new LinkedHashMap<>();
    byPart.put("Flink, Kafka clients, gRPC", sum(used.threads()));
    byPart.put("compiler, garbage collector", used.machinery());
    byPart.put("broker", used.broker());
    byPart.put("scripted worker", used.workers());
    byPart.put("sandbox", used.sandbox());
    byPart.put("learner", used.learning());
    List<Part> parts = new ArrayList<>();
    byPart.forEach(
        (name, seconds) -> parts.add(new Part(name, seconds * perRollout, seconds / used.total())));
    Map<String, Double> threads = new LinkedHashMap<>();
    used.threads().entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(12)
        .forEach(thread -> threads.put(thread.getKey(), thread.getValue() * perRollout));
    return new Report(
        "scripted: answers from a file, no model",
        measured.rollouts(),
        measured.wallSeconds(),
        measured.rollouts() / measured.wallSeconds(),
        measured.hops().records() / measured.wallSeconds(),
        used.streaming() * perRollout,
        used.streaming() / used.total(),
        parts,
        threads,
        measured.hops().hops());
  }

  private static double sum(Map<String, Double> seconds) {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
