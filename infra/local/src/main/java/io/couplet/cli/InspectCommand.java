package io.couplet.cli;

import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.local.inspect.GroupLineage;
import io.couplet.local.inspect.GroupLineages;
import io.couplet.local.inspect.GroupReport;
import io.couplet.local.inspect.VersionReport;
import io.couplet.local.topics.RunConnection;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code couplet inspect}: one group or one policy version with everything about it. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a group or one sample with its problem, rollouts, step maps, rewards, and the update"
          + " that used it or the reason none did; or a policy version with the update that made it"
          + " and the groups, samples and rewards behind that.",
      "A group is named PROBLEM@EPOCH, a sample PROBLEM@EPOCH#MEMBER; a version is a number or"
          + " vNUMBER."
    })
final class InspectCommand implements Callable<Integer> {
  private static final Pattern VERSION = Pattern.compile("v?(\\d{1,18})");
  private static final Pattern SAMPLE = Pattern.compile("(.*)#(\\d{1,9})");

  @Mixin private RunOption run;

  @Parameters(paramLabel = "GROUP|SAMPLE|VERSION", description = "What to show.")
  private String what;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (RunConnection connection = RunConnection.open(run.directory())) {
      Ledger ledger = LedgerReader.read(connection.kafka(), connection.topics());
      Matcher version = VERSION.matcher(what);
      if (version.matches()) {
        VersionReport report =
            VersionReport.find(connection, Long.parseLong(version.group(1)), ledger)
                .orElseThrow(() -> unknown("version"));
        out.println(json ? report.json() : String.join(System.lineSeparator(), report.lines()));
      } else {
        Matcher sample = SAMPLE.matcher(what);
        String group = sample.matches() ? sample.group(1) : what;
        Optional<Integer> member =
            sample.matches() ? Optional.of(Integer.valueOf(sample.group(2))) : Optional.empty();
        GroupLineage lineage =
            GroupLineages.find(connection, group, ledger).orElseThrow(() -> unknown("group"));
        if (member.isPresent() && !lineage.rollouts().containsKey(member.get())) {
          throw unknown("sample");
        }
        out.println(
            json
                ? GroupReport.json(lineage, member)
                : String.join(System.lineSeparator(), GroupReport.lines(lineage, member)));
      }
    }
    out.flush();
    return 0;
  }

  private BadInputException unknown(String kind) {
    return new BadInputException(
        "The run '"
            + run.directory().name()
            + "' knows no "
            + kind
            + " '"
            + what
            + "'. ./couplet ledger --step N names the groups of an update.");
  }
}
