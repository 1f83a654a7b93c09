package io.couplet.cli;

import io.couplet.problems.Problem;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.ProblemLine;
import io.couplet.problems.imports.ProblemFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet problems import}: published collections to problem files. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Converts a published collection, plain or gzip. Lines that are no problems are named on"
            + " standard error; the others are converted all the same, and the exit code is 2.")
final class ProblemsImportCommand implements Callable<Integer> {
  @Option(
      names = "--format",
      required = true,
      description = "acecode, humaneval, mbpp or evalplus (HumanEval+, MBPP+).")
  private String format;

  @Option(names = "--in", required = true, description = "The collection's JSONL file.")
  private Path in;

  @Option(names = "--out", required = true, description = "File to write, replaced if present.")
  private Path out;

  @Spec private CommandSpec spec;

  private final Map<String, Long> lineOfId = new HashMap<>();
  private long refused;

  @Override
  public Integer call() {
    ProblemFormat collection = ProblemFormat.named(format);
    refuseSameFile();
    long written;
    try (Stream<ProblemLine> lines = collection.read(in)) {
      written = ProblemJsonl.write(out, lines.flatMap(this::accepted));
    } catch (UncheckedIOException e) {
      throw new BadInputException(e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new BadInputException(
          "Cannot convert " + in + " to " + out + ": " + Reasons.of(e) + ".", e);
    }
    PrintWriter summary = spec.commandLine().getOut();
    summary.printf("%d problems in %s, %d lines refused%n", written, out, refused);
    summary.flush();
    if (written == 0 && refused == 0) {
      throw new BadInputException(in + " holds no line; the JSONL file of a collection is needed.");
    }
    return refused == 0 ? 0 : PlainErrors.BAD_INPUT;
  }

  private void refuseSameFile() {
    try {
      if (Files.exists(out) && Files.isSameFile(in, out)) {
        throw new BadInputException("--in and --out are the same file; the input would be lost.");
      }
    } catch (IOException e) {
      throw new BadInputException("Cannot read " + in + ": " + Reasons.of(e) + ".", e);
    }
  }

  private Stream<Problem> accepted(ProblemLine line) {
    if (line instanceof ProblemLine.Refused refusal) {
      return refuse(refusal.message());
    }
    Problem problem = ((ProblemLine.Read) line).problem();
    Long earlier = lineOfId.putIfAbsent(problem.id(), line.number());
    return earlier == null
        ? Stream.of(problem)
        : refuse(
            in
                + " line "
                + line.number()
                + " repeats the id '"
                + problem.id()
                + "' of line "
                + earlier
                + ".");
  }

  private Stream<Problem> refuse(String message) {
    refused++;
    PrintWriter err = spec.commandLine().getErr();
    err.println("couplet: " + message);
    err.flush();
    return Stream.empty();
  }
}
