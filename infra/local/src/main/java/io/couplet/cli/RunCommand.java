package io.couplet.cli;

import io.couplet.config.ConfigReference;
import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.local.process.Interrupts;
import io.couplet.local.progress.Display;
import io.couplet.local.run.RunConfiguration;
import io.couplet.local.run.RunSession;
import io.couplet.local.rundir.RunDirectory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code couplet run}: a whole run in local mode. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a run, or goes on with it where it stopped: Kafka, a diffusion worker and the Flink jobs"
          + " with their web UI, all on this machine and closed to others.",
      "Everything is kept in runs/NAME. Ctrl-C stops cleanly."
    })
final class RunCommand implements Callable<Integer> {
  @Option(names = "--name", paramLabel = "R", description = "Name of the run (default: default).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "F",
      description = "YAML file; see docs/configuration.md.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "One configuration key; may be repeated. --set seed=N fixes the run seed.")
  private List<String> settings = List.of();

  @Option(
      names = "--until-step",
      paramLabel = "N",
      description = "Stop when update N is made and, if it is due, evaluated.")
  private Optional<Long> untilStep = Optional.empty();

  @Option(names = "--dry-run", description = "Print the resolved configuration and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--reference",
      description = "Print the reference of every configuration key (Markdown) and do nothing.")
  private boolean reference;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (reference) {
      out.print(ConfigReference.markdown());
      out.flush();
      return 0;
    }
    if (untilStep.isPresent() && untilStep.get() < 1) {
      throw new BadInputException("--until-step must be at least 1, not " + untilStep.get());
    }
    RunConfig resolved = RunConfiguration.resolve(name, config, settings);
    if (dryRun) {
      out.print(ConfigYaml.writePublic(resolved));
      out.flush();
      return 0;
    }
    RunConfiguration.validate(resolved);
    RunDirectory directory = RunDirectory.of(resolved.name());
    LogFile.use(directory.logs().resolve("run.log"));
    RunSession session =
        new RunSession(
            directory,
            resolved,
            untilStep,
            web ->
                Terminal.isInteractive()
                    ? Display.terminal(out, resolved.name(), web)
                    : Display.plain(out),
            Interrupts.listen());
    RunSession.Ending ending =
        session.run(
            note -> {
              out.println(note);
              out.flush();
            });
    return switch (ending) {
      case DONE -> 0;
      case INTERRUPTED -> PlainErrors.INTERRUPTED;
    };
  }
}
