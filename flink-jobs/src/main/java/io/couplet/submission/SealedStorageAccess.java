package io.couplet.submission;

import java.io.IOException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageLocation;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;

/**
 * The checkpoints of one job. Everything is Flink's, but that the end of a checkpoint's metadata,
 * which the JobManager writes when every task has acknowledged it, wakes the sealing. Savepoints
 * are not sealed. On TaskManagers no metadata are written, so nothing is different there.
 */
final class SealedStorageAccess extends FsCheckpointStorageAccess {
  private final CheckpointSealing sealing;

  SealedStorageAccess(FileSystemCheckpointStorage storage, JobID job) throws IOException {
    super(
        storage.getCheckpointPath(),
        storage.getSavepointPath(),
        job,
        storage.getMinFileSizeThreshold(),
        storage.getWriteBufferSize());
    sealing =
        new CheckpointSealing(
            RetainedCheckpoints.ofJob(storage.getCheckpointPath().toString(), job));
  }

  @Override
  public CheckpointStorageLocation initializeLocationForCheckpoint(long id) throws IOException {
    FsCheckpointStorageLocation flinks =
        (FsCheckpointStorageLocation) super.initializeLocationForCheckpoint(id);
    return new Location(
        fileSystem,
        flinks.getCheckpointDirectory(),
        flinks.getSharedStateDirectory(),
        flinks.getTaskOwnedStateDirectory(),
        flinks.getLocationReference(),
        fileSizeThreshold,
        writeBufferSize,
        sealing);
  }

  private static final class Location extends FsCheckpointStorageLocation {
    private final CheckpointSealing sealing;

    Location(
        FileSystem files,
        Path checkpoint,
        Path shared,
        Path taskOwned,
        CheckpointStorageLocationReference reference,
        int fileSizeThreshold,
        int writeBufferSize,
        CheckpointSealing sealing) {
      super(files, checkpoint, shared, taskOwned, reference, fileSizeThreshold, writeBufferSize);
      this.sealing = sealing;
    }

    @Override
    public CheckpointMetadataOutputStream createMetadataOutputStream() throws IOException {
      return new Metadata(super.createMetadataOutputStream(), sealing);
    }
  }

  private static final class Metadata extends CheckpointMetadataOutputStream {
    private final CheckpointMetadataOutputStream out;
    private final CheckpointSealing sealing;

    Metadata(CheckpointMetadataOutputStream out, CheckpointSealing sealing) {
      this.out = out;
      this.sealing = sealing;
    }

    @Override
    public CompletedCheckpointStorageLocation closeAndFinalizeCheckpoint() throws IOException {
      CompletedCheckpointStorageLocation complete = out.closeAndFinalizeCheckpoint();
      sealing.request();
      return complete;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void sync() throws IOException {
      out.sync();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
