package io.couplet.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {
  @TempDir Path directory;

  private Path checkpoint(JobID job, long number, long writtenMs) throws IOException {
    return checkpoint(job, number, writtenMs, List.of());
  }

  private Path checkpoint(JobID job, long number, long writtenMs, List<OperatorState> states)
      throws IOException {
    Path checkpoint = directory.resolve(job.toHexString()).resolve("chk-" + number);
    Files.createDirectories(checkpoint);
    Path metadata = checkpoint.resolve("_metadata");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(metadata))) {
      Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(number, states, List.of()), out);
    }
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(writtenMs));
    return checkpoint;
  }

  private String uri() {
    return directory.toUri().toString();
  }

  @Test
  void checkpointsOfOneJobAreOrderedByNumberWhateverTheClockSaid() throws Exception {
    JobID job = JobID.generate();
    checkpoint(job, 9, 5_000);
    Path last = checkpoint(job, 10, 4_000);
    Files.createDirectories(last.resolveSibling("chk-11"));

    assertThat(RetainedCheckpoints.ofJob(uri(), job).newestReadable().orElseThrow())
        .endsWith(job.toHexString() + "/chk-10");
    assertThat(RetainedCheckpoints.ofJob(uri(), JobID.generate()).newestReadable()).isEmpty();
  }

  @Test
  void theJobThatWroteLastWinsEvenWhenItBeganAnewWithSmallNumbers() throws Exception {
    JobID first = JobID.generate();
    JobID second = JobID.generate();
    checkpoint(first, 500, 1_000);
    checkpoint(second, 3, 2_000);

    assertThat(RetainedCheckpoints.in(uri()).newestReadable().orElseThrow())
        .endsWith(second.toHexString() + "/chk-3");
  }

  @Test
  void damagedOnesArePassedOverAndNoneLeftIsAnError() throws Exception {
    JobID job = JobID.generate();
    Path older = checkpoint(job, 1, 1_000);
    Files.writeString(checkpoint(job, 2, 2_000).resolve("_metadata"), "damaged");
    assertThat(RetainedCheckpoints.in(uri()).newestReadable().orElseThrow()).endsWith("chk-1");

    Files.writeString(older.resolve("_metadata"), "damaged");
    assertThatThrownBy(() -> RetainedCheckpoints.in(uri()).newestReadable())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("None of the 2 checkpoints");
  }

  @Test
  void aSealedCheckpointIsRefusedForAnyBitThatHasFlipped() throws Exception {
    JobID job = JobID.generate();
    checkpoint(job, 1, 1_000);
    Path newest = checkpoint(job, 2, 2_000);
    RetainedCheckpoints checkpoints = RetainedCheckpoints.ofJob(uri(), job);
    checkpoints.seal();
    assertThat(checkpoints.newestReadable().orElseThrow()).endsWith("chk-2");
    byte[] whole = Files.readAllBytes(newest.resolve("_metadata"));
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(newest.resolve("_metadata"), flipped);
      assertThat(checkpoints.newestReadable().orElseThrow()).as("bit %d", bit).endsWith("chk-1");
    }
    Files.write(newest.resolve("_metadata"), whole);
    checkpoints.seal();
    assertThat(checkpoints.newestReadable().orElseThrow()).endsWith("chk-2");
  }

  @Test
  void aSealCoversEveryFileOfEveryKindOfState() throws Exception {
    JobID job = JobID.generate();
    checkpoint(job, 1, 1_000);
    Path jobs = directory.resolve(job.toHexString());
    Path exclusive = file(jobs.resolve("chk-2/operator"));
    Path metadata = file(jobs.resolve("chk-2/rocksdb-metadata"));
    Path options = file(jobs.resolve("chk-2/rocksdb-options"));
    Path shared = file(jobs.resolve("shared/000009.sst"));
    Path timers = file(jobs.resolve("chk-2/timers"));
    OperatorState operator = new OperatorState("gate", "gate", new OperatorID(1, 2), 1, 128);
    operator.putState(
        0,
        OperatorSubtaskState.builder()
            .setManagedOperatorState(new OperatorStreamStateHandle(Map.of(), handle(exclusive)))
            .setManagedKeyedState(
                new IncrementalRemoteKeyedStateHandle(
                    UUID.randomUUID(),
                    KeyGroupRange.of(0, 127),
                    2,
                    List.of(HandleAndLocalPath.of(handle(shared), "000009.sst")),
                    List.of(HandleAndLocalPath.of(handle(options), "OPTIONS")),
                    handle(metadata)))
            .setRawKeyedState(
                new KeyGroupsStateHandle(
                    new KeyGroupRangeOffsets(KeyGroupRange.of(0, 127)), handle(timers)))
            .build());
    checkpoint(job, 2, 2_000, List.of(operator));
    RetainedCheckpoints checkpoints = RetainedCheckpoints.ofJob(uri(), job);
    checkpoints.seal();
    assertThat(checkpoints.newestReadable().orElseThrow()).endsWith("chk-2");
    for (Path file : List.of(exclusive, metadata, options, shared, timers)) {
      byte[] whole = Files.readAllBytes(file);
      byte[] flipped = whole.clone();
      flipped[whole.length / 2] ^= 4;
      Files.write(file, flipped);
      assertThat(checkpoints.newestReadable().orElseThrow()).as(file.toString()).endsWith("chk-1");
      Files.write(file, whole);
    }
    assertThat(checkpoints.newestReadable().orElseThrow()).endsWith("chk-2");
  }

  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "state in " + path.getFileName());
  }

  private static FileStateHandle handle(Path file) throws IOException {
    return new FileStateHandle(new org.apache.flink.core.fs.Path(file.toUri()), Files.size(file));
  }

  @Test
  void sealsGoWithTheirCheckpointsAndHalfACheckpointGetsNone() throws Exception {
    JobID job = JobID.generate();
    Path old = checkpoint(job, 1, 1_000);
    RetainedCheckpoints checkpoints = RetainedCheckpoints.ofJob(uri(), job);
    checkpoints.seal();
    Path seals = old.resolveSibling("seals");
    assertThat(seals.resolve("chk-1")).exists();
    Path half = checkpoint(job, 2, 2_000).resolve("_metadata");
    Files.write(half, java.util.Arrays.copyOf(Files.readAllBytes(half), 9));
    Files.delete(old.resolve("_metadata"));
    Files.delete(old);
    checkpoints.seal();
    assertThat(seals).isEmptyDirectory();
  }

  @Test
  void aDamagedSealRefusesItsCheckpointAndKeepsNoOtherFromASeal() throws Exception {
    JobID job = JobID.generate();
    Path older = checkpoint(job, 1, 1_000);
    RetainedCheckpoints checkpoints = RetainedCheckpoints.ofJob(uri(), job);
    checkpoints.seal();
    Path seals = older.resolveSibling("seals");
    Files.writeString(seals.resolve("chk-1"), "damaged");
    checkpoint(job, 2, 2_000);
    checkpoints.seal();
    assertThat(seals.resolve("chk-2")).exists();
    Files.writeString(older.resolveSibling("chk-2").resolve("_metadata"), "damaged");
    assertThatThrownBy(checkpoints::newestReadable).hasMessageContaining("None of the 2");
  }

  @Test
  void checkpointsThatVanishMeanwhileHideNoOther() throws Exception {
    JobID job = JobID.generate();
    Path last = checkpoint(job, 9, 1_000);
    RetainedCheckpoints checkpoints = RetainedCheckpoints.ofJob(uri(), job);
    AtomicBoolean done = new AtomicBoolean();
    Thread flink =
        new Thread(
            () -> {
              while (!done.get()) {
                try {
                  Path subsumed = Files.createDirectories(last.resolveSibling("chk-3"));
                  Files.delete(subsumed);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });
    flink.start();
    try {
      for (int i = 0; i < 2_000; i++) {
        assertThat(checkpoints.newestReadable()).as("listing %d", i).isPresent();
      }
      checkpoints.seal();
      for (int i = 0; i < 2_000; i++) {
        checkpoints.seal();
        assertThat(last.resolveSibling("seals").resolve("chk-9")).exists();
      }
    } finally {
      done.set(true);
      flink.join();
    }
  }

  @Test
  void whatCannotBeListedIsNotTakenForEmpty() throws Exception {
    JobID job = JobID.generate();
    Path last = checkpoint(job, 9, 1_000);
    Files.createSymbolicLink(last.resolveSibling("chk-3"), directory.resolve("absent"));
    assertThatThrownBy(() -> RetainedCheckpoints.in(uri()).newestReadable())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be listed");
  }

  @Test
  void aDirectoryThatDoesNotExistHoldsNone() throws Exception {
    assertThat(RetainedCheckpoints.in(uri() + "absent").newestReadable()).isEmpty();
  }
}
