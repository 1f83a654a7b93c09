package io.couplet.cli;

import io.couplet.grading.Grading;
import io.couplet.grading.Grading.Progress;
import io.couplet.sandbox.OnTimeout;
import io.couplet.sandbox.SandboxPool;
import io.couplet.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs tests over a file of completions. */
@Command(
    name = "grade",
    description = {
      "Runs tests over completions, each in the sandbox.",
      "",
      "Input, one JSON object a line: {\"id\": \"...\", \"code\": \"...\" (program text) or"
          + " \"completion\": \"...\" (model text with a fenced block), \"tests\": [\"assert ...\"],"
          + " \"timeout_ms\": 5000}; optional \"setup\" and \"entry_point\".",
      "Output, in input order: {\"id\", \"pass_rate\", \"outcome\", \"cases\", \"format_reward\"}.",
      "",
      "Exit code 2 when any line was INVALID, 1 when the sandbox itself failed on any."
    },
    mixinStandardHelpOptions = true)
final class GradeCommand implements Callable<Integer> {
  private static final int WINDOW_PER_WORKER = 16;

  @Spec private CommandSpec spec;

  @Option(names = "--input", required = true, paramLabel = "F", description = "JSONL to grade.")
  private Path input;

  @Option(names = "--output", required = true, paramLabel = "F", description = "JSONL of grades.")
  private Path output;

  @Option(names = "--workers", paramLabel = "N", description = "Default: one per core.")
  private Integer workers;

  @Option(
      names = "--resume",
      description = "Keep the grades that the output already holds and go on after them.")
  private boolean resume;

  @Option(
      names = "--timeout-ms",
      paramLabel = "T",
      defaultValue = "5000",
      description = "Time for one case where a line sets none. Default: ${DEFAULT-VALUE}.")
  private int timeoutMs;

  @Option(
      names = "--on-timeout",
      paramLabel = "case|completion",
      defaultValue = "case",
      description = "What a case out of time costs. Default: ${DEFAULT-VALUE}.")
  private OnTimeout onTimeout;

  @Override
  public Integer call() throws IOException {
    check();
    PrintWriter err = spec.commandLine().getErr();
    SandboxSettings settings = SandboxSettings.defaults();
    settings = workers == null ? settings : settings.withWorkers(workers);
    try (SandboxPool pool = SandboxPool.open(settings)) {
      err.println(pool.description());
      err.flush();
      long started = System.nanoTime();
      boolean live = Terminal.isInteractive();
      Grading grading =
          new Grading(
              pool,
              WINDOW_PER_WORKER * settings.workers(),
              timeoutMs,
              onTimeout,
              progress -> {
                if (live) {
                  err.print("\r" + bar(progress, started) + "\u001b[K");
                  err.flush();
                }
              });
      Progress done = grading.run(input, output, resume);
      if (live) {
        err.println();
      }
      err.println(summary(done, started));
      err.flush();
      return exitCode(done.outcomes());
    }
  }

  private void check() {
    if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
      throw new BadInputException("--input " + input + " is not a readable file");
    }
    Path directory = output.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(output)) {
      throw new BadInputException(
          "--output " + output + " cannot be written: there must be a directory to hold the file");
    }
    if (output.toAbsolutePath().normalize().equals(input.toAbsolutePath().normalize())) {
      throw new BadInputException("--output must not be the input itself");
    }
    if (workers != null && workers < 1) {
      throw new BadInputException("--workers must be at least 1, not " + workers);
    }
    if (timeoutMs < 1) {
      throw new BadInputException("--timeout-ms must be at least 1, not " + timeoutMs);
    }
  }

  private static int exitCode(Map<String, Long> outcomes) {
    if (outcomes.containsKey("INVALID")) {
      return PlainErrors.BAD_INPUT;
    }
    return outcomes.containsKey("INFRASTRUCTURE") ? PlainErrors.FAILED : 0;
  }

  private static String bar(Progress progress, long started) {
    double share =
        progress.inputBytes() == 0 ? 1 : (double) progress.bytesRead() / progress.inputBytes();
    int full = (int) (30 * share);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f %%  %d lines, %.0f/s",
        "#".repeat(full),
        ".".repeat(30 - full),
        100 * share,
        progress.graded() + progress.resumed(),
        perSecond(progress, started));
  }

  private static String summary(Progress done, long started) {
    String counts =
        done.outcomes().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "graded %d lines in %.1f s (%.1f per second)%s%s",
        done.graded(),
        (System.nanoTime() - started) / 1e9,
        perSecond(done, started),
        done.resumed() == 0 ? "" : ", " + done.resumed() + " were graded before",
        counts.isEmpty() ? "" : ": " + counts);
  }

  private static double perSecond(Progress progress, long started) {
    return progress.graded() * 1e9 / Math.max(1, System.nanoTime() - started);
  }
}
