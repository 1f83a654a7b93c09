package io.couplet.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  private static final String DIRECTORY = "couplet.archives";

  @TempDir private Path directory;

  @AfterEach
  void forget() {
    System.clearProperty(DIRECTORY);
  }

  @Test
  void whereTheLauncherDidNotStartThisJvmChildrenUseNone() {
    assertThat(ClassArchive.BROKER.options()).isEmpty();
  }

  @Test
  void anArchiveThatWasNotMadeIsNotNamed() {
    System.setProperty(DIRECTORY, directory.toString());

    assertThat(ClassArchive.BROKER.options()).isEmpty();
  }

  /** A JVM that cannot use the archive says nothing and starts without. */
  @Test
  void aBrokenArchiveDoesNotKeepAChildFromStarting() throws Exception {
    Path archive = Files.writeString(directory.resolve("kafka.jsa"), "not an archive");
    System.setProperty(DIRECTORY, directory.toString());

    assertThat(ClassArchive.BROKER.options()).contains("-XX:SharedArchiveFile=" + archive);
    ProcessBuilder java =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.command().addAll(ClassArchive.BROKER.options());
    java.command().add("-version");
    Process child = java.redirectErrorStream(true).start();
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(printed).isZero();
    assertThat(printed).doesNotContain("warning");
  }
}
