package io.couplet.cli;

import io.couplet.local.run.ProblemFeed;
import io.couplet.local.topics.RunConnection;
import io.couplet.problems.InvalidProblemException;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemJsonl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code couplet problems send}: problems of a file to the topic of a run. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description =
        "Sends the problems of a JSONL file to the problems topic of a run. All lines are checked"
            + " before the first one is sent.")
final class ProblemsSendCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Parameters(paramLabel = "FILE", description = "Problems, one JSON object a line.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!Files.isReadable(file)) {
      throw new BadInputException("There is no file " + file + " that can be read.");
    }
    List<Problem> problems;
    try {
      problems = ProblemJsonl.readAll(file);
    } catch (InvalidProblemException e) {
      throw new BadInputException(e.getMessage(), e);
    }
    try (RunConnection connection = RunConnection.open(run.directory())) {
      ProblemFeed.send(connection.kafka(), connection.topics(), problems);
    }
    spec.commandLine()
        .getOut()
        .printf("Sent %d problems to the run '%s'.%n", problems.size(), run.directory().name());
    return 0;
  }
}
