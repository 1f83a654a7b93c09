package io.couplet.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreesTest {
  @TempDir Path directory;

  @Test
  void filesAtAnyDepthAreFoundAndNothingElse() throws Exception {
    Path top = Files.createFile(directory.resolve("top"));
    Path deep = Files.createFile(Files.createDirectories(directory.resolve("a/b")).resolve("deep"));
    Files.createSymbolicLink(directory.resolve("link"), deep);
    assertThat(FileTrees.filesBelow(directory)).containsExactlyInAnyOrder(top, deep);
    assertThat(FileTrees.filesBelow(directory.resolve("absent"))).isEmpty();
  }

  @Test
  void aTreeGoesWithAllThatIsInItAndWhatItsLinksPointToStays() throws Exception {
    Path kept = Files.createFile(directory.resolve("kept"));
    Path tree = directory.resolve("tree");
    Files.createFile(Files.createDirectories(tree.resolve("a/b")).resolve("deep"));
    Files.createSymbolicLink(tree.resolve("link"), kept);
    FileTrees.delete(tree);
    FileTrees.delete(tree);
    assertThat(FileTrees.filesBelow(directory)).containsExactly(kept);
    assertThat(tree).doesNotExist();
  }

  @Test
  void filesThatVanishMeanwhileHideNoOther() throws Exception {
    Path stays = Files.createFile(Files.createDirectory(directory.resolve("d")).resolve("stays"));
    AtomicBoolean done = new AtomicBoolean();
    Thread other = new Thread(() -> comeAndGo(directory.resolve("d/e/temporary"), done));
    other.start();
    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(FileTrees.filesBelow(directory)).as("listing %d", i).contains(stays);
      }
    } finally {
      done.set(true);
      other.join();
    }
  }

  private static void comeAndGo(Path file, AtomicBoolean done) {
    while (!done.get()) {
      try {
        Files.createDirectory(file.getParent());
        Files.createFile(file);
        Files.delete(file);
        Files.delete(file.getParent());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
