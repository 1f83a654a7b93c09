package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorCoresTest {
  @Test
  void aListOfRangesIsReadAsLinuxWritesIt() {
    assertThat(ProcessorCores.parse("0")).containsExactly(0);
    assertThat(ProcessorCores.parse("0-3,8,10-11")).containsExactly(0, 1, 2, 3, 8, 10, 11);
  }

  @Test
  void aProcessAndWhatItHasStartedAreKeptToOneCore() throws Exception {
    List<Integer> cores = ProcessorCores.allowed();
    int core = cores.get(cores.size() - 1);
    Process shell = new ProcessBuilder("sh", "-c", "sleep 60 & wait").start();
    try {
      while (shell.toHandle().descendants().findAny().isEmpty()) {
        Thread.sleep(5);
      }
      ProcessHandle child = shell.toHandle().descendants().findAny().orElseThrow();

      ProcessorCores.keepTo(core, shell.toHandle());

      assertThat(allowed(shell.toHandle())).isEqualTo(Integer.toString(core));
      assertThat(allowed(child)).isEqualTo(Integer.toString(core));
      child.destroyForcibly();
    } finally {
      shell.destroyForcibly();
    }
  }

  private static String allowed(ProcessHandle process) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring("Cpus_allowed_list:".length()).strip())
        .findFirst()
        .orElseThrow();
  }
}
