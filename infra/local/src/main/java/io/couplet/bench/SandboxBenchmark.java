package io.couplet.bench;

import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The sandbox against the ways it replaces: same programs, same assertions, same run. Rounds are
 * interleaved, so that every contender sees the same noise of the machine.
 */
public final class SandboxBenchmark {
  /**
   * One row of the result.
   *
   * @param perSecond completions per second, one at a time
   * @param speedup against the interpreter per assertion on the same workload
   */
  public record Row(
      String workload,
      int asserts,
      String contender,
      double perSecond,
      double p50Ms,
      double p99Ms,
      double speedup) {}

  /**
   * How throughput grows with workers.
   *
   * @param perSecond completions per second by number of workers, with a full queue
   */
  public record Scaling(Map<Integer, Double> perSecond) {
    public Scaling {
      perSecond = Map.copyOf(perSecond);
    }
  }

  /** Everything measured. */
  public record Report(String sandbox, String baseline, List<Row> rows, Scaling scaling) {
    public Report {
      rows = List.copyOf(rows);
    }
  }

  private static final String PER_ASSERT = "(a) python3 per assert";
  private static final String PER_COMPLETION = "(b) python3 per completion";
  private static final String COUPLET = "couplet sandbox";
  private static final String FLOOR = "floor: bare fork";

  private final int rounds;
  private final Consumer<String> progress;

  /**
   * @param rounds interleaved rounds for each workload, at least 1
   * @param progress told what is being measured
   */
  public SandboxBenchmark(int rounds, Consumer<String> progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  public Report run() throws Exception {
    List<Row> rows = new ArrayList<>();
    SandboxSettings settings = SandboxSettings.defaults();
    try (SandboxPool pool = SandboxPool.open(settings.withWorkers(1))) {
      Path python = pool.interpreter();
      for (int asserts : new int[] {1, 3, 10}) {
        rows.addAll(measure(SandboxWorkload.trivial(asserts), pool, python));
        rows.addAll(measure(SandboxWorkload.importHeavy(asserts), pool, python));
      }
      return new Report(
          pool.description(), python + " started directly, no shim", rows, scaling(settings));
    }
  }

  private List<Row> measure(SandboxWorkload workload, SandboxPool pool, Path python)
      throws Exception {
    progress.accept(workload.name() + ", " + workload.tests().size() + " asserts");
    Map<String, SandboxContender> contenders = new LinkedHashMap<>();
    contenders.put(PER_ASSERT, SandboxContender.interpreterPerAssert(python));
    contenders.put(PER_COMPLETION, SandboxContender.interpreterPerCompletion(python));
    contenders.put(COUPLET, SandboxContender.pool(pool));
    contenders.put(FLOOR, SandboxContender.bareFork(python));
    Map<String, List<Long>> nanos = new LinkedHashMap<>();
    for (Map.Entry<String, SandboxContender> one : contenders.entrySet()) {
      check(one.getKey(), one.getValue().judge(workload), workload); // warm, and honest
      nanos.put(one.getKey(), new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, SandboxContender> one : contenders.entrySet()) {
        for (int i = 0; i < perRound(one.getKey()); i++) {
          long start = System.nanoTime();
          check(one.getKey(), one.getValue().judge(workload), workload);
          nanos.get(one.getKey()).add(System.nanoTime() - start);
        }
      }
    }
    for (SandboxContender contender : contenders.values()) {
      contender.close();
    }
    double baseline = perSecond(nanos.get(PER_ASSERT));
    List<Row> rows = new ArrayList<>();
    nanos.forEach((contender, measured) -> rows.add(row(workload, contender, measured, baseline)));
    return rows;
  }

  private static int perRound(String contender) {
    return switch (contender) {
      case PER_ASSERT -> 2;
      case PER_COMPLETION -> 8;
      default -> 50;
    };
  }

  private static void check(String contender, int passed, SandboxWorkload workload) {
    if (passed != workload.tests().size()) {
      throw new IllegalStateException(
          contender + " passed " + passed + " of " + workload.tests().size() + " correct asserts");
    }
  }

  private static Row row(
      SandboxWorkload workload, String contender, List<Long> measured, double baseline) {
    long[] sorted = measured.stream().mapToLong(Long::longValue).sorted().toArray();
    double perSecond = perSecond(measured);
    return new Row(
        workload.name(),
        workload.tests().size(),
        contender,
        perSecond,
        sorted[sorted.length / 2] / 1e6,
        sorted[Math.min(sorted.length - 1, (int) (sorted.length * 0.99))] / 1e6,
        perSecond / baseline);
  }

  private static double perSecond(List<Long> nanos) {
    return nanos.size() * 1e9 / nanos.stream().mapToLong(Long::longValue).sum();
  }

  /** One worker and two, interleaved, each kept busy. */
  private Scaling scaling(SandboxSettings settings) {
    progress.accept("one worker and two");
    SandboxWorkload workload = SandboxWorkload.trivial(10);
    Map<Integer, long[]> spent = new LinkedHashMap<>();
    int jobs = 200;
    for (int workers : new int[] {1, 2}) {
      spent.put(workers, new long[rounds]);
    }
    try (SandboxPool one = SandboxPool.open(settings.withWorkers(1));
        SandboxPool two = SandboxPool.open(settings.withWorkers(2))) {
      flood(one, workload, 20);
      flood(two, workload, 40);
      for (int round = 0; round < rounds; round++) {
        spent.get(1)[round] = flood(one, workload, jobs);
        spent.get(2)[round] = flood(two, workload, jobs);
      }
    }
    Map<Integer, Double> perSecond = new LinkedHashMap<>();
    spent.forEach((n, nanos) -> perSecond.put(n, jobs * rounds * 1e9 / Arrays.stream(nanos).sum()));
    return new Scaling(perSecond);
  }

  private static long flood(SandboxPool pool, SandboxWorkload workload, int jobs) {
    long start = System.nanoTime();
    ArrayDeque<CompletableFuture<?>> inFlight = new ArrayDeque<>();
    for (int i = 0; i < jobs; i++) {
      inFlight.add(pool.submit(SandboxContender.job(workload)));
    }
    inFlight.forEach(CompletableFuture::join);
    return System.nanoTime() - start;
  }
}
