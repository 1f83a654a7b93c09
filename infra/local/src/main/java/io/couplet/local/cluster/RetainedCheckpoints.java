package io.couplet.local.cluster;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints that a job left in a directory, newest first. */
final class RetainedCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedCheckpoints.class);
  private static final String PREFIX = "chk-";

  private final Path directory;

  RetainedCheckpoints(Path checkpoints, JobID job) {
    this.directory = checkpoints.resolve(job.toHexString());
  }

  /** The newest complete checkpoint whose metadata can be read; damaged ones are passed over. */
  Optional<Path> newestReadable() throws IOException {
    for (Path checkpoint : complete()) {
      try {
        read(checkpoint);
        return Optional.of(checkpoint);
      } catch (IOException | RuntimeException e) {
        LOG.error(
            "The checkpoint {} is damaged and passed over: {}. Trying the one before it.",
            checkpoint,
            e.toString());
      }
    }
    return Optional.empty();
  }

  /** Whether there is any complete checkpoint, damaged or not. */
  boolean isEmpty() throws IOException {
    return complete().isEmpty();
  }

  private List<Path> complete() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
          .filter(entry -> Files.exists(metadata(entry)))
          .sorted(Comparator.comparingLong(RetainedCheckpoints::number).reversed())
          .toList();
    }
  }

  private static void read(Path checkpoint) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata(checkpoint)))) {
      Checkpoints.loadCheckpointMetadata(
          in, RetainedCheckpoints.class.getClassLoader(), checkpoint.toUri().toString());
    }
  }

  private static Path metadata(Path checkpoint) {
    return checkpoint.resolve("_metadata");
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
  }
}
