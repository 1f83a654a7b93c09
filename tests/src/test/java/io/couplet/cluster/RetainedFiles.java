package io.couplet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.files.FileTrees;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.runtime.checkpoint.Checkpoints;

/**
 * The files of the checkpoints that one job has left, whatever its ids were.
 *
 * @param directory of the job's checkpoints
 */
record RetainedFiles(Path directory) {
  /** Directories of complete checkpoints of the job's last id. */
  List<Path> newestFirst() throws IOException {
    return FileTrees.filesBelow(directory).stream()
        .filter(file -> file.endsWith("_metadata"))
        .map(Path::getParent)
        .sorted(Comparator.comparingInt(RetainedFiles::number).reversed())
        .toList();
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().replace("chk-", ""));
  }

  /** The job may have ended right after the checkpoint; its JobManager goes on. */
  void awaitSealOf(Path checkpoint) throws InterruptedException {
    Path seal = checkpoint.resolveSibling("seals").resolve(checkpoint.getFileName());
    for (int i = 0; i < 1_000 && !Files.exists(seal); i++) {
      Thread.sleep(10);
    }
    assertThat(seal).exists();
  }

  /** Flips a bit behind the middle of the metadata, where the states themselves are. */
  void flipABitThatFlinkDoesNotNotice(Path checkpoint) throws IOException {
    Path metadata = checkpoint.resolve("_metadata");
    byte[] bytes = Files.readAllBytes(metadata);
    for (int at = bytes.length / 2; at < bytes.length; at++) {
      bytes[at] ^= 1;
      if (canBeRead(bytes)) {
        Files.write(metadata, bytes);
        return;
      }
      bytes[at] ^= 1;
    }
    throw new AssertionError("Flink notices every flipped bit in " + metadata);
  }

  private static boolean canBeRead(byte[] metadata) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(metadata))) {
      Checkpoints.loadCheckpointMetadata(in, RetainedFiles.class.getClassLoader(), "damaged");
      return true;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return false;
    }
  }
}
