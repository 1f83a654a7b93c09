package io.couplet.cli;

import io.couplet.local.run.ProblemFeed;
import io.couplet.local.topics.RunConnection;
import io.couplet.problems.InvalidProblemException;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemJsonl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        "Sends the problems of a JSONL file, or without one those that the run's configuration names"
            + " (problems.source), to the problems topic of a run. All lines are checked before the"
            + " first one is sent.")
final class ProblemsSendCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Problems, one JSON object a line.")
  private Optional<Path> file = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Optional<List<Problem>> problems =
        file.isPresent() ? Optional.of(read(file.get())) : Optional.empty();
    int sent;
    try (RunConnection connection = RunConnection.open(run.directory())) {
      List<Problem> all =
          problems.isPresent() ? problems.get() : ProblemFeed.problems(connection.config());
      ProblemFeed.send(connection.kafka(), connection.topics(), all);
      sent = all.size();
    }
    spec.commandLine()
        .getOut()
        .printf("Sent %d problems to the run '%s'.%n", sent, run.directory().name());
    return 0;
  }

  private static List<Problem> read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new BadInputException("There is no file " + file + " that can be read.");
    }
    try {
      return ProblemJsonl.readAll(file);
    } catch (InvalidProblemException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }
}
