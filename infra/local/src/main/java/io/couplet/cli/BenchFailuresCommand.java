package io.couplet.cli;

import io.couplet.bench.FailuresBenchmark;
import io.couplet.bench.FailuresBenchmark.Kill;
import io.couplet.bench.FailuresBenchmark.Report;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet bench failures}. */
@Command(
    name = "failures",
    mixinStandardHelpOptions = true,
    description = {
      "Kills the worker, the learner, the broker and the TaskManager in turn, one every few updates of"
          + " a run, and makes the same run undisturbed: what was lost, doubled and generated again,"
          + " the time to resume, goodput, and whether a replay finds every hash.",
      "Worker and broker are processes and get kill -9; the learner fails at its named points; the"
          + " TaskManager lives in the run's JVM and is ended there without a last checkpoint.",
      "Exit code 1 when anything was lost or doubled or a hash differs."
    })
final class BenchFailuresCommand implements Callable<Integer> {
  @Option(
      names = "--updates",
      defaultValue = "24",
      description = "Updates that the problems suffice for. Default: ${DEFAULT-VALUE}.")
  private long updates;

  @Option(
      names = "--every",
      defaultValue = "2",
      description = "Updates from one kill to the next. Default: ${DEFAULT-VALUE}.")
  private long every;

  @Mixin private BenchRunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (updates < 1 || every < 1) {
      throw new BadInputException("--updates and --every must be at least 1");
    }
    PrintWriter err = spec.commandLine().getErr();
    Report report =
        new FailuresBenchmark(
                options.directory(),
                options.settings(),
                updates,
                every,
                what -> {
                  err.println(what);
                  err.flush();
                })
            .run();
    PrintWriter out = spec.commandLine().getOut();
    if (options.json()) {
      out.println(FiniteJson.mapper().writeValueAsString(report));
    } else {
      print(out, report);
    }
    out.flush();
    return report.lost() == 0 && report.doubled() == 0 && report.hashesEqual() ? 0 : 1;
  }

  private static void print(PrintWriter out, Report report) {
    out.printf("%-13s %-22s %12s %10s%n", "killed", "at", "after update", "resumed s");
    for (Kill kill : report.kills()) {
      out.printf(
          "%-13s %-22s %12d %10s%n",
          kill.fault(),
          kill.at(),
          kill.step(),
          Double.isNaN(kill.resumeSeconds()) ? "-" : "%.1f".formatted(kill.resumeSeconds()));
    }
    out.printf(
        "%n%d kills %s in %d updates of %d problems%n",
        report.kills().size(), report.injected(), report.updates(), report.problems());
    out.printf("lost %d, doubled %d%n", report.lost(), report.doubled());
    out.printf(
        "generated again: %d of %d rollouts%n", report.repeatedRollouts(), report.rollouts());
    out.printf("time to resume: p50 %.1f s, p95 %.1f s%n", report.resumeP50(), report.resumeP95());
    out.printf(
        "%.1f s with kills, %.1f s undisturbed: goodput %.2f%n",
        report.seconds(), report.undisturbedSeconds(), report.goodput());
    out.println("replay: " + report.verdict());
  }
}
