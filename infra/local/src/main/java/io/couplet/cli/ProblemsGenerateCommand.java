package io.couplet.cli;

import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemJsonl;
import io.couplet.problems.ProblemSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet problems generate}: small Python functions with tests, drawn from a seed. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description =
        "Writes different generated problems of one split. The same options give the same file.")
final class ProblemsGenerateCommand implements Callable<Integer> {
  @Option(
      names = "--split",
      required = true,
      description =
          "train, held-out (unseen names and constants) or held-out-families (unseen patterns).")
  private String split;

  @Option(names = "--count", required = true, description = "How many, at least 1.")
  private int count;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", required = true, description = "File to write, replaced if present.")
  private Path out;

  @Option(
      names = "--family",
      split = ",",
      description = "Only these families; may be repeated. Default: all of the split.")
  private List<String> families = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (count < 1) {
      throw new BadInputException("--count must be at least 1, not " + count + ".");
    }
    ProblemGenerator generator = new ProblemGenerator(ProblemSplit.named(split), seed);
    if (!families.isEmpty()) {
      generator = generator.restrictedTo(families);
    }
    List<Problem> problems = generator.distinct(count);
    try {
      ProblemJsonl.write(out, problems.stream());
    } catch (IOException e) {
      throw new BadInputException("Cannot write " + out + ": " + Reasons.of(e) + ".", e);
    }
    spec.commandLine().getOut().printf("%d problems of split %s in %s%n", count, split, out);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
