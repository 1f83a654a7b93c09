package io.couplet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.local.inspect.RunStatus;
import io.couplet.local.rundir.RunDirectory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet status}: what the runs are doing. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what a run is doing, or every run in runs/ when none is named.")
final class StatusCommand implements Callable<Integer> {
  @Option(
      names = {"--name", "--run"},
      paramLabel = "R",
      description = "Only this run.")
  private Optional<String> name = Optional.empty();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<String> names = name.map(List::of).orElse(RunDirectory.names());
    PrintWriter out = spec.commandLine().getOut();
    if (names.isEmpty()) {
      out.println(json ? "" : "There are no runs yet; ./couplet run starts one.");
    }
    ObjectMapper mapper = new ObjectMapper();
    for (String each : names) {
      RunStatus status =
          RunStatus.of(RunDirectory.of(each))
              .orElseThrow(() -> new BadInputException("There is no run '" + each + "'."));
      if (json) {
        out.println(mapper.writeValueAsString(status.json()));
      } else {
        status.lines().forEach(out::println);
      }
    }
    out.flush();
    return 0;
  }
}
