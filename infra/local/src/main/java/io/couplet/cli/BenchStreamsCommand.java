package io.couplet.cli;

import io.couplet.bench.StreamsBenchmark;
import io.couplet.bench.StreamsBenchmark.Report;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code couplet bench streams}. */
@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    description =
        "A whole run with a scripted worker (answers from a file, no model) and the real sandbox and"
            + " learner: records/s, processor time per rollout by part, latency of each hop.")
final class BenchStreamsCommand implements Callable<Integer> {
  @Mixin private BenchRunOptions options;
  @Mixin private BenchWindowOptions window;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    window.check();
    PrintWriter err = spec.commandLine().getErr();
    Report report =
        new StreamsBenchmark(
                options.directory(),
                options.settings(),
                window.warmUp(),
                window.updates(),
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
    return 0;
  }

  private static void print(PrintWriter out, Report report) {
    out.println("worker: " + report.worker());
    out.printf(
        "%d rollouts in %.1f s: %.1f rollouts/s, %.1f records/s%n",
        report.rollouts(), report.seconds(), report.rolloutsPerSecond(), report.recordsPerSecond());
    out.printf(
        "streaming and framework code: %.0f CPU us per rollout, %.1f %% of the CPU used%n",
        report.streamingMicrosPerRollout(), 100 * report.streamingShare());
    out.printf("%n%-60s %15s %7s%n", "part", "us per rollout", "share");
    for (StreamsBenchmark.Part part : report.parts()) {
      out.printf(
          "%-60s %15.0f %6.1f%%%n", part.name(), part.microsPerRollout(), 100 * part.share());
    }
    out.printf("%n%-60s %15s%n", "threads of the run's JVM that used most", "us per rollout");
    report.threads().forEach((name, micros) -> out.printf("%-60s %15.0f%n", name, micros));
    out.printf("%n%-60s %7s %9s %9s%n", "hop", "count", "p50 ms", "p99 ms");
    report
        .hops()
        .forEach(
            (name, hop) ->
                out.printf("%-60s %7d %9.1f %9.1f%n", name, hop.count(), hop.p50Ms(), hop.p99Ms()));
  }
}
