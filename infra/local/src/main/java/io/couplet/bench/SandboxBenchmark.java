package io.couplet.bench;

import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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
   * How throughput grows with workers, with a full queue.
   *
   * @param perSecond completions per second by number of workers; a worker uses what cores there
   *     are
   * @param perSecondOnOwnCores the same with each worker kept to one core of its own; empty where
   *     that cannot be done
   */
  public record Scaling(Map<Integer, Double> perSecond, Map<Integer, Double> perSecondOnOwnCores) {
    public Scaling {
      perSecond = Map.copyOf(perSecond);
      perSecondOnOwnCores = Map.copyOf(perSecondOnOwnCores);
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

  /** Completions before and in each measurement of a full queue. */
  private static final int WARM = 40;

  private static final int FLOOD = 200;

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
  private Scaling scaling(SandboxSettings settings) throws IOException, InterruptedException {
    progress.accept("one worker and two");
    Set<ProcessHandle> before = children();
    try (SandboxPool one = SandboxPool.open(settings.withWorkers(1))) {
      flood(one, SandboxWorkload.trivial(10), WARM);
      Set<ProcessHandle> ofOne = children();
      ofOne.removeAll(before);
      try (SandboxPool two = SandboxPool.open(settings.withWorkers(2))) {
        flood(two, SandboxWorkload.trivial(10), WARM);
        Set<ProcessHandle> ofTwo = children();
        ofTwo.removeAll(before);
        ofTwo.removeAll(ofOne);
        Map<Integer, Double> free = perSecond(one, two);
        return new Scaling(free, onOwnCores(ofOne, ofTwo) ? perSecond(one, two) : Map.of());
      }
    }
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether the workers of both pools are now kept to a core each. */
  private boolean onOwnCores(Set<ProcessHandle> ofOne, Set<ProcessHandle> ofTwo)
      throws IOException, InterruptedException {
    List<Integer> cores = ProcessorCores.allowed();
    if (ofOne.size() != 1 || ofTwo.size() != 2 || cores.size() < 2) {
      progress.accept("nothing on cores of their own: there are " + cores.size() + " cores");
      return false;
    }
    progress.accept("one worker and two, each kept to a core of its own");
    try {
      Iterator<Integer> own = cores.iterator();
      ProcessorCores.keepTo(cores.get(0), ofOne.iterator().next());
      for (ProcessHandle worker : ofTwo) {
        ProcessorCores.keepTo(own.next(), worker);
      }
      return true;
    } catch (IOException e) {
      progress.accept("nothing on cores of their own: " + e.getMessage());
      return false;
    }
  }

  private Map<Integer, Double> perSecond(SandboxPool one, SandboxPool two) {
    SandboxWorkload workload = SandboxWorkload.trivial(10);
    long ofOne = 0;
    long ofTwo = 0;
    for (int round = 0; round < rounds; round++) {
      ofOne += flood(one, workload, FLOOD);
      ofTwo += flood(two, workload, FLOOD);
    }
    double completions = (double) FLOOD * rounds;
    return Map.of(1, completions * 1e9 / ofOne, 2, completions * 1e9 / ofTwo);
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
