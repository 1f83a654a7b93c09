package io.couplet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.local.machine.Machine;
import io.couplet.local.machine.MachineCheck;
import io.couplet.local.machine.MachineCheck.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet doctor}: what this machine has and lacks. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Shows what this machine has and lacks: JDK, Maven, python3, isolation, cores, memory, disk,"
            + " GPU, ports. Exits with 1 when something Couplet cannot do without is missing.")
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--json", description = "One JSON array on standard output.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    List<MachineCheck> checks = Machine.examine(Path.of("runs"));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(checks));
    } else {
      checks.forEach(check -> print(out, check));
    }
    out.flush();
    return checks.stream().anyMatch(check -> check.verdict() == Verdict.MISSING)
        ? PlainErrors.FAILED
        : 0;
  }

  private static void print(PrintWriter out, MachineCheck check) {
    String mark =
        switch (check.verdict()) {
          case OK -> "ok     ";
          case LIMITED -> "limited";
          case MISSING -> "MISSING";
        };
    out.printf("%s  %-10s %s%n", mark, check.name(), check.found());
    if (!check.advice().isEmpty()) {
      out.printf("%20s %s%n", "", check.advice());
    }
  }
}
