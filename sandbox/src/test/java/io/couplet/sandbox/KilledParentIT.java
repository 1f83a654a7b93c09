package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM killed without warning takes its workers along, even in the middle of a case. */
class KilledParentIT {

  @ParameterizedTest
  @EnumSource(IsolationTier.class)
  void noProcessOutlivesAKilledJvm(IsolationTier tier) throws Exception {
    Pools.requireTier(tier);
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SandboxHost.class.getName(),
                tier.name())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null && !line.equals("busy")) {
        line = out.readLine();
      }
      assertThat(line).isEqualTo("busy");
    }
    List<ProcessHandle> workers = host.descendants().toList();
    assertThat(workers).hasSizeGreaterThanOrEqualTo(6);
    host.destroyForcibly().waitFor();
    for (int i = 0; i < 200 && workers.stream().anyMatch(KilledParentIT::isRunning); i++) {
      Thread.sleep(50);
    }
    assertThat(workers).noneMatch(KilledParentIT::isRunning);
  }

  /** Alive and not a zombie that its new parent has yet to collect. */
  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }
}
