package io.couplet.bench;

import io.couplet.local.run.MeasuredRun.Measurement;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.ProblemSplit;
import io.couplet.schemas.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Asynchronous training (rollouts at most one version old, K = 1) against synchronous (K = 0): the
 * same model, seed, problems and number of samples, in interleaved runs, without tests that wait
 * and with some.
 */
public final class OverlapBenchmark {
  private static final int PROBLEMS = 1_024;
  private static final int ONE_IN = 10;
  private static final String WAITING_TEST = "assert __import__('time').sleep(3) is None";
  private static final int WAITING_LIMIT_MS = 10_000;

  /**
   * Medians over the runs of one setting.
   *
   * @param versionsBehind K
   * @param waitingPercent share of problems one test of which waits 3 s
   * @param wallSeconds of all updates
   * @param generationSeconds processor seconds of the workers
   * @param judgingSeconds processor seconds of the sandbox and of the programs in it
   * @param learningSeconds processor seconds of the learner
   * @param shareOfBound the work of these three / cores, the least time that keeps every core at
   *     work, over wall
   * @param elsewhere share of the cores' time that went to neither the run nor idling: other
   *     processes, the kernel's own threads, the host
   * @param shareOfAvailable the same as the share of the bound, of the time that is left without
   *     that
   * @param idleCores share of the cores' time in which nobody used them
   * @param idleLearner share of the time in which the learner waited for groups
   * @param idleWorker share of the time in which the worker used no processor
   * @param streamingShare share of streaming and framework code in the processor time
   * @param sampleToGradient seconds from the opening of a group to its update, median of updates
   * @param firstCallMs emit of a version to the first rollout call that uses it, p50
   */
  public record Row(
      int versionsBehind,
      int waitingPercent,
      int runs,
      long updates,
      long rollouts,
      double wallSeconds,
      double generationSeconds,
      double judgingSeconds,
      double learningSeconds,
      double shareOfBound,
      double elsewhere,
      double shareOfAvailable,
      double idleCores,
      double idleLearner,
      double idleWorker,
      double streamingShare,
      double stalenessP50,
      double stalenessP95,
      double stalenessMax,
      double sampleToGradient,
      double firstCallMs) {}

  /** K, and the share of problems with a test that waits. */
  record Setting(int versionsBehind, int waitingPercent) {}

  private final BenchRuns runs;
  private final int cores;
  private final int rounds;
  private final long warmUp;
  private final long updates;
  private final int sandboxWorkers;

  /**
   * @param directory working files
   * @param rounds runs of each setting, at least 1
   * @param warmUp updates of each run before those that count, at least 1
   * @param sandboxWorkers enough that tests that wait do not hold up the others
   */
  public OverlapBenchmark(
      Path directory,
      List<String> settings,
      int rounds,
      long warmUp,
      long updates,
      int sandboxWorkers,
      Consumer<String> progress) {
    this.runs = new BenchRuns(directory, settings, progress);
    this.cores = Runtime.getRuntime().availableProcessors();
    this.rounds = rounds;
    this.warmUp = warmUp;
    this.updates = updates;
    this.sandboxWorkers = sandboxWorkers;
  }

  /** Rows of K = 1 and K = 0 without tests that wait, then with them. */
  public List<Row> run() throws Exception {
    List<Setting> settings =
        List.of(new Setting(1, 0), new Setting(0, 0), new Setting(1, 10), new Setting(0, 10));
    List<List<Measurement>> measured =
        settings.stream().<List<Measurement>>map(setting -> new ArrayList<>()).toList();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < settings.size(); i++) {
        measured.get(i).add(measure(settings.get(i)));
      }
    }
    return IntStream.range(0, settings.size())
        .mapToObj(i -> row(settings.get(i), measured.get(i), cores))
        .toList();
  }

  private Measurement measure(Setting setting) throws Exception {
    Path problems = runs.directory().resolve("problems-" + setting.waitingPercent() + ".jsonl");
    write(problems, setting.waitingPercent() > 0);
    return runs.measure(
        "K=" + setting.versionsBehind() + ", " + setting.waitingPercent() + " % wait",
        List.of(
            "admission.max_versions_behind=" + setting.versionsBehind(),
            "problems.source='" + problems + "'",
            "sandbox.workers=" + sandboxWorkers,
            "evaluation.every=0"),
        warmUp,
        updates);
  }

  private static void write(Path file, boolean waiting) throws IOException {
    List<Problem> problems = new ProblemGenerator(ProblemSplit.TRAINING, 1).distinct(PROBLEMS);
    ProblemJsonl.write(
        file,
        IntStream.range(0, problems.size())
            .mapToObj(
                i ->
                    waiting && i % ONE_IN == 0
                        ? withWaitingTest(problems.get(i))
                        : problems.get(i)));
  }

  private static Problem withWaitingTest(Problem problem) {
    return new Problem(
        problem.id(),
        problem.question(),
        problem.system(),
        problem.prompt(),
        Stream.concat(Stream.of(WAITING_TEST), problem.tests().stream()).toList(),
        problem.entryPoint(),
        problem.setup(),
        problem.solution(),
        WAITING_LIMIT_MS,
        problem.tags());
  }

  /**
   * What several runs of a setting come to; of each figure the median of the runs by nearest rank.
   */
  static Row row(Setting setting, List<Measurement> measured, int cores) {
    return new Row(
        setting.versionsBehind(),
        setting.waitingPercent(),
        measured.size(),
        measured.get(0).updates().size(),
        Math.round(median(measured, Measurement::rollouts)),
        median(measured, Measurement::wallSeconds),
        median(measured, run -> run.processor().workers()),
        median(measured, run -> run.processor().sandbox()),
        median(measured, run -> run.processor().learning()),
        median(measured, run -> shareOfBound(run, cores)),
        median(measured, run -> elsewhere(run, cores)),
        median(measured, run -> shareOfBound(run, cores) / (1 - elsewhere(run, cores))),
        median(measured, run -> run.cores().idle() / cores / run.wallSeconds()),
        median(measured, run -> run.seconds("waiting") / run.wallSeconds()),
        median(measured, run -> Math.max(0, 1 - run.processor().workers() / run.wallSeconds())),
        median(measured, run -> run.processor().streaming() / run.processor().total()),
        median(measured, run -> median(run.updates(), LedgerEntry::getStalenessP50)),
        median(measured, run -> median(run.updates(), LedgerEntry::getStalenessP95)),
        measured.stream()
            .flatMap(run -> run.updates().stream())
            .mapToLong(LedgerEntry::getStalenessMax)
            .max()
            .orElse(0),
        median(
            measured,
            run ->
                median(run.updates(), u -> u.getSeconds().getOrDefault("sample_to_gradient", 0.0))),
        median(measured, run -> run.hops().hops().get(HopLatencies.FIRST_CALL).p50Ms()));
  }

  private static double shareOfBound(Measurement run, int cores) {
    return run.processor().work() / cores / run.wallSeconds();
  }

  /** Clocks of different grain may add up to more than the time that passed. */
  private static double elsewhere(Measurement run, int cores) {
    double known = run.processor().total() + run.cores().idle();
    return Math.max(0, 1 - known / cores / run.wallSeconds());
  }

  private static <T> double median(List<T> of, ToDoubleFunction<T> value) {
    return Quantiles.of(of.stream().map(value::applyAsDouble).toList(), 0.5);
  }
}
