package io.couplet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which cores processes may use. Linux, with {@code taskset}. */
final class ProcessorCores {
  private static final String ALLOWED = "Cpus_allowed_list:";

  private ProcessorCores() {}

  /** Numbers of the cores that this process may use, ascending. */
  static List<Integer> allowed() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(ALLOWED)) {
        return parse(line.substring(ALLOWED.length()).strip());
      }
    }
    throw new IOException("/proc/self/status does not say " + ALLOWED);
  }

  /** A list as Linux writes it, such as {@code 0-3,8}. */
  static List<Integer> parse(String list) {
    List<Integer> cores = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      for (int core = Integer.parseInt(ends[0]);
          core <= Integer.parseInt(ends[ends.length - 1]);
          core++) {
        cores.add(core);
      }
    }
    return cores;
  }

  /**
   * Keeps a process, and what it has started and will start, to one core.
   *
   * @throws IOException when there is no {@code taskset}
   */
  static void keepTo(int core, ProcessHandle process) throws IOException, InterruptedException {
    keepOne(core, process);
    for (ProcessHandle descendant : process.descendants().toList()) {
      keepOne(core, descendant);
    }
  }

  /** A process that has ended meanwhile needs no core. */
  private static void keepOne(int core, ProcessHandle process)
      throws IOException, InterruptedException {
    Process taskset =
        new ProcessBuilder(
                "taskset", "-a", "-p", "-c", Integer.toString(core), Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (taskset.waitFor() != 0 && process.isAlive()) {
      throw new IOException("taskset could not keep process " + process.pid() + " to core " + core);
    }
  }
}
