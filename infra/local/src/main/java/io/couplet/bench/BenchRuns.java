package io.couplet.bench;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.files.FileTrees;
import io.couplet.local.run.MeasuredRun;
import io.couplet.local.run.MeasuredRun.Measurement;
import io.couplet.local.rundir.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs of a benchmark, each in a directory of its own that is deleted behind it. */
final class BenchRuns {
  private final Path directory;
  private final List<String> settings;
  private final Consumer<String> progress;
  private int number;

  /**
   * @param settings {@code a.b=c}, laid over what the benchmark itself sets
   */
  BenchRuns(Path directory, List<String> settings, Consumer<String> progress) {
    this.directory = directory;
    this.settings = List.copyOf(settings);
    this.progress = progress;
  }

  Path directory() {
    return directory;
  }

  /**
   * @param warmUp updates before those that count
   */
  Measurement measure(String what, List<String> own, long warmUp, long updates) throws Exception {
    return make(
        what,
        own,
        (place, config, notes) ->
            MeasuredRun.measure(place, config, warmUp, warmUp + updates, notes));
  }

  /** A run from its start to its end, and what was found out about it. */
  interface Run<T> {
    T of(RunDirectory place, RunConfig config, Consumer<String> notes) throws Exception;
  }

  /** Makes a run with the settings of the benchmark and those of the caller over them. */
  <T> T make(String what, List<String> own, Run<T> run) throws Exception {
    String name = "bench-" + ++number;
    List<String> all = new ArrayList<>(own);
    all.addAll(settings);
    all.add("name=" + name);
    RunConfig config = ConfigYaml.with(RunConfig.defaults(), all);
    Path place = directory.resolve(name);
    try {
      return run.of(new RunDirectory(place), config, note -> progress.accept(what + ": " + note));
    } finally {
      FileTrees.delete(place);
    }
  }
}
