package io.couplet.submission;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints that jobs left in directories of any of Flink's file systems, newest first. */
public final class RetainedCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedCheckpoints.class);
  private static final int LISTINGS = 100;

  /** Of this process: at its end local mode seals what the JobManager may not have sealed yet. */
  private static final Object ONE_SEALS = new Object();

  private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d+)");

  private final Path directory;
  private final boolean ofOneJob;

  /** Those that a warning has been given about. */
  private final Set<Path> notSealable = new HashSet<>();

  private RetainedCheckpoints(Path directory, boolean ofOneJob) {
    this.directory = directory;
    this.ofOneJob = ofOneJob;
  }

  /**
   * Those of the job with an id.
   *
   * @param checkpoints URI of the checkpoint directory of all jobs
   */
  public static RetainedCheckpoints ofJob(String checkpoints, JobID job) {
    return new RetainedCheckpoints(new Path(checkpoints, job.toHexString()), true);
  }

  /**
   * Those of every job that has ever had this checkpoint directory, under whatever id.
   *
   * @param checkpoints URI of a checkpoint directory that other jobs do not share
   */
  public static RetainedCheckpoints in(String checkpoints) {
    return new RetainedCheckpoints(new Path(checkpoints), false);
  }

  /** A complete checkpoint: its directory and when its metadata was written. */
  private record Complete(Path path, long number, long written) {
    Path metadata() {
      return new Path(path, "_metadata");
    }
  }

  /**
   * Where a job goes on: the newest complete checkpoint whose metadata can be read, damaged ones
   * are passed over; empty when there is none.
   *
   * @throws IOException when there are some and none can be read, or they cannot be listed
   */
  public Optional<String> newestReadable() throws IOException {
    List<Complete> complete = newestFirst();
    for (Complete checkpoint : complete) {
      try {
        read(checkpoint);
        return Optional.of(checkpoint.path().toString());
      } catch (IOException | RuntimeException e) {
        LOG.error(
            "The checkpoint {} is damaged and passed over: {}. Trying the one before it.",
            checkpoint.path(),
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

  /** Checkpoints of one job by their number; jobs by when they wrote their last one. */
  private List<Complete> newestFirst() throws IOException {
    if (ofOneJob) {
      return completeIn(directory);
    }
    List<List<Complete>> jobs = new ArrayList<>();
    for (FileStatus job : entries(directory)) {
      List<Complete> complete = job.isDir() ? completeIn(job.getPath()) : List.of();
      if (!complete.isEmpty()) {
        jobs.add(complete);
      }
    }
    return jobs.stream()
        .sorted(Comparator.comparingLong((List<Complete> job) -> job.get(0).written()).reversed())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Complete> completeIn(Path job) throws IOException {
    List<Complete> complete = new ArrayList<>();
    for (FileStatus entry : entries(job)) {
      var name = CHECKPOINT.matcher(entry.getPath().getName());
      if (name.matches()) {
        for (FileStatus file : entries(entry.getPath())) {
          if (file.getPath().getName().equals("_metadata")) {
            complete.add(
                new Complete(
                    entry.getPath(), Long.parseLong(name.group(1)), file.getModificationTime()));
          }
        }
      }
    }
    complete.sort(Comparator.comparingLong(Complete::number).reversed());
    return complete;
  }

  /**
   * What a directory holds; nothing when there is none. A job that has just ended may be deleting
   * an old checkpoint still, and Flink's file systems then do not find an entry that they have
   * listed: that says nothing about the others.
   */
  private static List<FileStatus> entries(Path directory) throws IOException {
    FileSystem files = directory.getFileSystem();
    for (int attempt = 1; ; attempt++) {
      try {
        FileStatus[] entries = files.listStatus(directory);
        return entries == null ? List.of() : Arrays.asList(entries);
      } catch (FileNotFoundException e) {
        if (!files.exists(directory)) {
          return List.of();
        }
        if (attempt == LISTINGS) {
          throw new IOException(directory + " cannot be listed: " + e.getMessage(), e);
        }
        pauseWhileListing(directory);
      }
    }
  }

  /** The kernel may let listing and deleting take turns, so that each listing meets a deletion. */
  private static void pauseWhileListing(Path directory) throws IOException {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + directory + " was listed", e);
    }
  }

  /** Throws when the checkpoint is not whole, or not as it was when it was sealed. */
  private static void read(Complete checkpoint) throws IOException {
    Path seal = CheckpointSeal.pathOf(checkpoint.path());
    if (seal.getFileSystem().exists(seal)) {
      CheckpointSeal.parse(seal).check(checkpoint.path());
    }
    CheckpointSeal.parsed(checkpoint.path(), CheckpointSeal.read(checkpoint.metadata()));
  }

  /**
   * Seals the complete checkpoints of one job that have no seal yet, so that a later start
   * recognises damage, and removes the seals of those that are gone. Reads each file once. Where
   * several threads of a process ask, one waits for the other.
   */
  public void seal() throws IOException {
    synchronized (ONE_SEALS) {
      sealUnsealed();
    }
  }

  private void sealUnsealed() throws IOException {
    Map<String, Path> unsealed = new TreeMap<>();
    for (Complete checkpoint : completeIn(directory)) {
      unsealed.put(checkpoint.path().getName(), checkpoint.path());
    }
    List<Path> seals = new ArrayList<>();
    for (FileStatus file : entries(new Path(directory, CheckpointSeal.DIRECTORY))) {
      Path seal = file.getPath();
      if (unsealed.remove(seal.getName()) == null) {
        seal.getFileSystem().delete(seal, false); // its checkpoint is gone
      } else {
        seals.add(seal);
      }
    }
    if (!unsealed.isEmpty()) {
      Map<String, String> known = new HashMap<>();
      for (Path seal : seals) {
        try {
          known.putAll(CheckpointSeal.parse(seal).sha256ByName());
        } catch (IOException e) {
          LOG.debug("{} does not spare reading a file", seal, e);
        }
      }
      unsealed.values().forEach(checkpoint -> seal(checkpoint, known));
    }
  }

  private void seal(Path checkpoint, Map<String, String> known) {
    try {
      CheckpointSeal.of(checkpoint, known).write(CheckpointSeal.pathOf(checkpoint));
    } catch (IOException e) {
      // Not yet whole, or gone by now: the next call finds out.
      LOG.debug("{} is not sealed now", checkpoint, e);
    } catch (RuntimeException e) {
      if (notSealable.add(checkpoint)) {
        LOG.warn("{} gets no seal: damage to it would not be noticed", checkpoint, e);
      }
    }
  }
}
