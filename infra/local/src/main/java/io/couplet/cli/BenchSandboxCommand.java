package io.couplet.cli;

import io.couplet.bench.SandboxBenchmark;
import io.couplet.bench.SandboxBenchmark.Report;
import io.couplet.bench.SandboxBenchmark.Row;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet bench sandbox}. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description =
        "Judges the same programs in the sandbox, with one python3 per assert (the reference's way)"
            + " and with one per completion; 1, 3 and 10 asserts, trivial and import-heavy.")
final class BenchSandboxCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "6",
      description = "Interleaved rounds for each workload. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1) {
      throw new BadInputException("--rounds must be at least 1, not " + rounds);
    }
    PrintWriter err = spec.commandLine().getErr();
    Report report =
        new SandboxBenchmark(
                rounds,
                what -> {
                  err.println("measuring " + what);
                  err.flush();
                })
            .run();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(FiniteJson.mapper().writeValueAsString(report));
    } else {
      print(out, report);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, Report report) {
    out.println(report.sandbox());
    out.println("baseline: " + report.baseline());
    out.printf(
        "%-13s %7s  %-27s %14s %9s %9s %9s%n",
        "program", "asserts", "approach", "completions/s", "p50 ms", "p99 ms", "speedup");
    for (Row row : report.rows()) {
      out.printf(
          "%-13s %7d  %-27s %14.1f %9.2f %9.2f %8.1fx%n",
          row.workload(),
          row.asserts(),
          row.contender(),
          row.perSecond(),
          row.p50Ms(),
          row.p99Ms(),
          row.speedup());
    }
    print(out, "", report.scaling().perSecond());
    print(out, ", each on a core of its own", report.scaling().perSecondOnOwnCores());
  }

  private static void print(PrintWriter out, String how, Map<Integer, Double> perSecond) {
    if (!perSecond.isEmpty()) {
      double one = perSecond.get(1);
      double two = perSecond.get(2);
      out.printf("one worker %.1f completions/s, two %.1f%s: %.2fx%n", one, two, how, two / one);
    }
  }
}
