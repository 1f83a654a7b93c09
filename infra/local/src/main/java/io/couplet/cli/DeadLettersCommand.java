package io.couplet.cli;

import io.couplet.local.inspect.AvroJson;
import io.couplet.local.inspect.StoredLetter;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code couplet dead-letters}: records that a stage could not use. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    subcommands = {
      DeadLettersCommand.ListLetters.class,
      DeadLettersCommand.Show.class,
      DeadLettersCommand.Redrive.class
    },
    description = "Lists, shows and sends again the records that a stage could not use.")
final class DeadLettersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Say what to do: list, show or redrive.");
  }

  /** {@code dead-letters list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "One line for each: number, where it was, the stage that refused it, and why.")
  static final class ListLetters implements Callable<Integer> {
    @Mixin private RunOption run;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      try (RunConnection connection = RunConnection.open(run.directory())) {
        List<StoredLetter> letters = StoredLetter.all(connection);
        for (StoredLetter stored : letters) {
          out.println(json ? AvroJson.of(stored.letter()) : stored.line());
        }
        if (letters.isEmpty() && !json) {
          out.println("There are no dead letters.");
        }
      }
      return 0;
    }
  }

  /** {@code dead-letters show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows one dead letter with its bytes.")
  static final class Show implements Callable<Integer> {
    @Mixin private RunOption run;

    @Parameters(paramLabel = "NUMBER", description = "Number that 'dead-letters list' shows.")
    private long number;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      try (RunConnection connection = RunConnection.open(run.directory())) {
        List<StoredLetter> letters = StoredLetter.all(connection);
        StoredLetter chosen = chosen(letters, number);
        chosen.describe().forEach(spec.commandLine().getOut()::println);
      }
      return 0;
    }
  }

  /** {@code dead-letters redrive}. */
  @Command(
      name = "redrive",
      mixinStandardHelpOptions = true,
      description =
          "Sends records again to the topic they were on, with their bytes as they were and the"
              + " attempt header one higher.")
  static final class Redrive implements Callable<Integer> {
    @Mixin private RunOption run;

    @Parameters(
        paramLabel = "NUMBER",
        arity = "0..*",
        description = "Numbers that 'dead-letters list' shows.")
    private List<Long> numbers = List.of();

    @Option(names = "--all", description = "Every dead letter.")
    private boolean all;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      if (all == !numbers.isEmpty()) {
        throw new BadInputException("Give the numbers of dead letters, or --all.");
      }
      try (RunConnection connection = RunConnection.open(run.directory())) {
        List<StoredLetter> letters = StoredLetter.all(connection);
        List<StoredLetter> chosen =
            all ? letters : numbers.stream().map(number -> chosen(letters, number)).toList();
        List<ProducerRecord<byte[], byte[]>> records = again(chosen);
        try (TopicWriter writer = new TopicWriter(connection.kafka(), connection.topics())) {
          records.forEach(writer::sendRaw);
          writer.flush();
        }
        spec.commandLine().getOut().println("Sent " + chosen.size() + " record(s) again.");
      }
      return 0;
    }
  }

  /** All of them or none. */
  private static List<ProducerRecord<byte[], byte[]>> again(List<StoredLetter> letters) {
    try {
      return letters.stream().map(StoredLetter::again).toList();
    } catch (IllegalStateException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  private static StoredLetter chosen(List<StoredLetter> letters, long number) {
    return letters.stream()
        .filter(letter -> letter.number() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "There is no dead letter " + number + "; there are " + letters.size() + "."));
  }
}
