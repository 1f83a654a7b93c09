package io.couplet.cli;

import io.couplet.bench.OverlapBenchmark;
import io.couplet.bench.OverlapBenchmark.Row;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet bench overlap}. */
@Command(
    name = "overlap",
    mixinStandardHelpOptions = true,
    description = {
      "Asynchronous training (K = 1) against synchronous (K = 0): same model, seed, problems and"
          + " samples; without tests that wait, and with one problem in ten having a test that waits"
          + " 3 s.",
      "The bound is the processor time of generation, judging and learning over the cores. Medians"
          + " of interleaved runs."
    })
final class BenchOverlapCommand implements Callable<Integer> {
  @Mixin private BenchRunOptions options;
  @Mixin private BenchWindowOptions window;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Runs of each setting. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--sandbox-workers",
      defaultValue = "8",
      description =
          "Programs judged at once: enough that those that wait do not hold up the others."
              + " Default: ${DEFAULT-VALUE}.")
  private int sandboxWorkers;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || sandboxWorkers < 1) {
      throw new BadInputException("--rounds and --sandbox-workers must be at least 1");
    }
    window.check();
    PrintWriter err = spec.commandLine().getErr();
    List<Row> rows =
        new OverlapBenchmark(
                options.directory(),
                options.settings(),
                rounds,
                window.warmUp(),
                window.updates(),
                sandboxWorkers,
                what -> {
                  err.println(what);
                  err.flush();
                })
            .run();
    PrintWriter out = spec.commandLine().getOut();
    int cores = Runtime.getRuntime().availableProcessors();
    if (options.json()) {
      out.println(FiniteJson.mapper().writeValueAsString(Map.of("cores", cores, "rows", rows)));
    } else {
      print(out, cores, rows);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, int cores, List<Row> rows) {
    out.printf(
        "%d cores; %d updates measured in each of %d runs%n",
        cores, rows.get(0).updates(), rows.get(0).runs());
    out.printf(
        "%2s %6s %8s | work: %8s %8s %8s | %6s %9s %6s | idle: %6s %7s %6s | %9s | %-15s %9s %10s%n",
        "K",
        "wait%",
        "wall s",
        "generate",
        "judge",
        "learn",
        "bound",
        "elsewhere",
        "avail",
        "cores",
        "learner",
        "worker",
        "streaming",
        "staleness",
        "sample->g",
        "1st call");
    for (Row row : rows) {
      out.printf(
          "%2d %6d %8.1f | %12.1f s %6.1f s %6.1f s | %6.2f %8.1f%% %6.2f | %12.2f %7.2f %6.2f | %8.1f%% | %4.1f %4.1f %4.0f %8.1f s %7.0f ms%n",
          row.versionsBehind(),
          row.waitingPercent(),
          row.wallSeconds(),
          row.generationSeconds(),
          row.judgingSeconds(),
          row.learningSeconds(),
          row.shareOfBound(),
          100 * row.elsewhere(),
          row.shareOfAvailable(),
          row.idleCores(),
          row.idleLearner(),
          row.idleWorker(),
          100 * row.streamingShare(),
          row.stalenessP50(),
          row.stalenessP95(),
          row.stalenessMax(),
          row.sampleToGradient(),
          row.firstCallMs());
    }
  }
}
