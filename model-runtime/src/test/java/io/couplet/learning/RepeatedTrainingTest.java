package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.torch.TinyModels;
import io.couplet.torch.TorchEngine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same 200 updates in another process, and in two halves, are the same bits. */
class RepeatedTrainingTest {
  private static final long UPDATES = 200;
  private static final long INTERRUPTED = 100;

  @TempDir Path directory;

  @Test
  void twoHundredUpdatesAreTheSameBitsInAnotherProcessAndAfterAnInterruption() throws Exception {
    Path policy = TinyBatches.policyDirectory(directory.resolve("policy"), TinyModels.config());
    Path uninterrupted = directory.resolve("uninterrupted.safetensors");
    Path half = directory.resolve("half.safetensors");
    Path resumed = directory.resolve("resumed.safetensors");
    Process other = inAnotherProcess(policy, uninterrupted);
    try {
      LearnerProcess.run(policy, null, INTERRUPTED, half);
      LearnerProcess.run(policy, half, UPDATES, resumed);
      assertThat(other.waitFor(5, TimeUnit.MINUTES)).as("the other process has ended").isTrue();
    } finally {
      other.destroyForcibly();
    }
    assertThat(other.exitValue()).as(() -> "exit value; it said: " + said()).isZero();
    assertThat(resumed).hasSameBinaryContentAs(uninterrupted);
    assertThat(Files.readAllBytes(half)).isNotEqualTo(Files.readAllBytes(resumed));
  }

  private Process inAnotherProcess(Path policy, Path state) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dai.djl.offline=true",
                "-Dcouplet.torch.threads=" + TorchEngine.get().threads(),
                "-cp",
                classPath,
                LearnerProcess.class.getName(),
                policy.toString(),
                "-",
                Long.toString(UPDATES),
                state.toString()))
        .redirectErrorStream(true)
        .redirectOutput(output())
        .start();
  }

  private File output() {
    return directory.resolve("output").toFile();
  }

  private String said() {
    try {
      return Files.readString(output().toPath());
    } catch (IOException e) {
      return "nothing that could be read: " + e;
    }
  }
}
