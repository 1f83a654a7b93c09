package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.local.inspect.AvroJson;
import io.couplet.local.inspect.GroupLineage;
import io.couplet.local.inspect.GroupReport;
import io.couplet.local.inspect.VersionReport;
import io.couplet.local.topics.RunConnection;
import java.io.PrintWriter;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
      "Shows a group with its problem, rollouts, step maps, rewards, and the update that consumed it;"
          + " or a policy version with the update that made it.",
      "A group is named PROBLEM@EPOCH; a version is a number or vNUMBER."
    })
final class InspectCommand implements Callable<Integer> {
  private static final Pattern VERSION = Pattern.compile("v?(\\d+)");

  @Mixin private RunOption run;

  @Parameters(paramLabel = "GROUP|VERSION", description = "What to show.")
  private String what;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (RunConnection connection = RunConnection.open(run.directory())) {
      var version = VERSION.matcher(what);
      if (version.matches()) {
        VersionReport report =
            VersionReport.find(connection, Long.parseLong(version.group(1)))
                .orElseThrow(() -> unknown("version"));
        out.println(json ? report.json() : String.join(System.lineSeparator(), report.lines()));
      } else {
        GroupLineage lineage =
            GroupLineage.find(connection, what).orElseThrow(() -> unknown("group"));
        out.println(
            json ? json(lineage) : String.join(System.lineSeparator(), GroupReport.lines(lineage)));
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

  private static ObjectNode json(GroupLineage lineage) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("group", lineage.group());
    ArrayNode rollouts = node.putArray("rollouts");
    new TreeMap<>(lineage.rollouts()).values().forEach(r -> rollouts.add(AvroJson.of(r)));
    ObjectNode rewards = node.putObject("rewards");
    new TreeMap<>(lineage.rewards())
        .forEach(
            (source, byMember) -> {
              ArrayNode values = rewards.putArray(source);
              new TreeMap<>(byMember).values().forEach(r -> values.add(AvroJson.of(r)));
            });
    lineage.tape().ifPresent(group -> node.set("tape", AvroJson.of(group)));
    lineage.update().ifPresent(entry -> node.set("update", AvroJson.of(entry)));
    return node;
  }
}
