package io.couplet.submission;

import java.io.IOException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageFactory;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;

/**
 * Flink's checkpoint storage in a file system, which besides has each checkpoint sealed as soon as
 * the JobManager has completed it ({@link CheckpointSeal}). Files and their layout are Flink's own,
 * so that a checkpoint can be restored with or without it.
 */
public final class SealedCheckpointStorage implements CheckpointStorage {
  private static final long serialVersionUID = 1L;
  private static final String FILE_SYSTEM = "filesystem";

  private final FileSystemCheckpointStorage files;

  private SealedCheckpointStorage(FileSystemCheckpointStorage files) {
    this.files = files;
  }

  /** By its name in {@code execution.checkpointing.storage} Flink makes the storage. */
  public static final class Factory implements CheckpointStorageFactory<SealedCheckpointStorage> {
    @Override
    public SealedCheckpointStorage createFromConfig(
        ReadableConfig configuration, ClassLoader classLoader) {
      return new SealedCheckpointStorage(
          FileSystemCheckpointStorage.createFromConfig(configuration, classLoader));
    }
  }

  /**
   * Chooses the storage for a job, unless the cluster's configuration names one that is not Flink's
   * file system storage.
   */
  public static void choose(Configuration job, ReadableConfig cluster) {
    String present =
        cluster.getOptional(CheckpointingOptions.CHECKPOINT_STORAGE).orElse(FILE_SYSTEM);
    if (present.equalsIgnoreCase(FILE_SYSTEM)) {
      job.set(CheckpointingOptions.CHECKPOINT_STORAGE, Factory.class.getName());
    }
  }

  @Override
  public CompletedCheckpointStorageLocation resolveCheckpoint(String pointer) throws IOException {
    return files.resolveCheckpoint(pointer);
  }

  @Override
  public CheckpointStorageAccess createCheckpointStorage(JobID job) throws IOException {
    return new SealedStorageAccess(files, job);
  }
}
