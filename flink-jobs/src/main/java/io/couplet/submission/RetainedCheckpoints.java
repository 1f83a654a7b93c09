package io.couplet.submission;

import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints that a job left in a directory of any of Flink's file systems, newest first. */
public final class RetainedCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedCheckpoints.class);
  private static final String PREFIX = "chk-";

  private final Path directory;

  /**
   * @param checkpoints URI of the directory of all jobs
   */
  public RetainedCheckpoints(String checkpoints, JobID job) {
    this.directory = new Path(checkpoints, job.toHexString());
  }

  /**
   * Where the job goes on: the newest complete checkpoint whose metadata can be read, damaged ones
   * are passed over; empty when it has none.
   *
   * @throws IOException when it has some and none can be read, or the directory cannot be listed
   */
  public Optional<String> newestReadable() throws IOException {
    List<Path> complete = complete();
    for (Path checkpoint : complete) {
      try {
        read(checkpoint);
        return Optional.of(checkpoint.toString());
      } catch (IOException | RuntimeException e) {
        LOG.error(
            "The checkpoint {} is damaged and passed over: {}. Trying the one before it.",
            checkpoint,
            e.toString());
      }
    }
    if (!complete.isEmpty()) {
      throw new IOException(
          "None of the "
              + complete.size()
              + " checkpoints in "
              + directory
              + " can be read. Fork the run from its ledger (couplet fork) to go on.");
    }
    return Optional.empty();
  }

  private List<Path> complete() throws IOException {
    FileSystem files = directory.getFileSystem();
    FileStatus[] entries;
    try {
      entries = files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return List.of();
    }
    if (entries == null) {
      return List.of();
    }
    List<Path> found =
        Arrays.stream(entries)
            .map(FileStatus::getPath)
            .filter(entry -> entry.getName().matches(PREFIX + "\\d+"))
            .sorted(Comparator.comparingLong(RetainedCheckpoints::number).reversed())
            .toList();
    List<Path> complete = new ArrayList<>();
    for (Path checkpoint : found) {
      if (files.exists(metadata(checkpoint))) {
        complete.add(checkpoint);
      }
    }
    return complete;
  }

  private static void read(Path checkpoint) throws IOException {
    Path metadata = metadata(checkpoint);
    try (DataInputStream in = new DataInputStream(metadata.getFileSystem().open(metadata))) {
      Checkpoints.loadCheckpointMetadata(
          in, RetainedCheckpoints.class.getClassLoader(), checkpoint.toString());
    }
  }

  private static Path metadata(Path checkpoint) {
    return new Path(checkpoint, "_metadata");
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getName().substring(PREFIX.length()));
  }
}
