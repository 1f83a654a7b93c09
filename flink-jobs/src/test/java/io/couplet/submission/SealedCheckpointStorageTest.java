package io.couplet.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageLoader;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints written as a JobManager and its tasks write them. */
class SealedCheckpointStorageTest {
  private static final JobID JOB = new JobID(3, 7);

  @TempDir Path directory;
  private CheckpointStorageAccess storage;

  @BeforeEach
  void load() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
    SealedCheckpointStorage.choose(configuration, configuration);
    storage =
        CheckpointStorageLoader.fromConfig(configuration, getClass().getClassLoader(), null)
            .orElseThrow()
            .createCheckpointStorage(JOB);
    storage.initializeBaseLocationsForCheckpoint();
  }

  private void complete(long number) throws IOException {
    complete(number, storage.initializeLocationForCheckpoint(number));
  }

  /** One task writes a file of its own; then the JobManager writes the metadata. */
  private static void complete(long number, CheckpointStorageLocation location) throws IOException {
    OperatorState operator = new OperatorState("gate", "gate", new OperatorID(1, 2), 1, 128);
    try (CheckpointStateOutputStream task =
        location.createCheckpointStateOutputStream(CheckpointedStateScope.EXCLUSIVE)) {
      task.write("a state of some length".repeat(2_000).getBytes(StandardCharsets.UTF_8));
      operator.putState(
          0,
          OperatorSubtaskState.builder()
              .setManagedOperatorState(
                  new OperatorStreamStateHandle(
                      Map.of(), (FileStateHandle) task.closeAndGetHandle()))
              .build());
    }
    try (CheckpointMetadataOutputStream out = location.createMetadataOutputStream()) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(number, List.of(operator), List.of()), out);
      out.closeAndFinalizeCheckpoint();
    }
  }

  /** As Flink deletes a checkpoint: its states, its metadata, then its directory. */
  private void subsume(long number) throws IOException {
    Path checkpoint = job().resolve("chk-" + number);
    try (var files = Files.list(checkpoint)) {
      for (Path file : files.sorted().toList()) {
        Files.delete(file);
      }
    }
    Files.delete(checkpoint);
  }

  private Path job() {
    return directory.resolve(JOB.toHexString());
  }

  private Path seal(long number) {
    return job().resolve("seals").resolve("chk-" + number);
  }

  private void awaitSeal(long number) throws InterruptedException {
    for (int i = 0; i < 2_000 && !Files.exists(seal(number)); i++) {
      Thread.sleep(5);
    }
    assertThat(seal(number)).exists();
  }

  private String newest() throws IOException {
    String path =
        RetainedCheckpoints.in(directory.toUri().toString()).newestReadable().orElseThrow();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Test
  void aCompletedCheckpointGetsItsSealByItselfAndDamageToAStateIsNoticed() throws Exception {
    complete(1);
    complete(2);
    awaitSeal(2);
    assertThat(seal(1)).exists();
    assertThat(newest()).isEqualTo("chk-2");
    Path state;
    try (var files = Files.list(job().resolve("chk-2"))) {
      state = files.filter(file -> !file.endsWith("_metadata")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length / 2] ^= 1;
    Files.write(state, bytes);
    assertThat(newest()).isEqualTo("chk-1");
  }

  @Test
  void checkpointsThatAreSubsumedWhileTheyAreSealedTakeTheirSealsAlong() throws Exception {
    complete(1);
    for (int number = 2; number <= 100; number++) {
      complete(number);
      subsume(number - 1);
    }
    awaitSeal(100);
    complete(101);
    awaitSeal(101);
    assertThat(job().resolve("seals").toFile().list())
        .containsExactlyInAnyOrder("chk-100", "chk-101");
  }

  @Test
  void aSealThatCannotBeWrittenFailsNoCheckpoint() throws Exception {
    Files.writeString(job().resolve("seals"), "in the way");
    complete(1);
    complete(2);
    awaitIdle();
    assertThat(newest()).isEqualTo("chk-2");
  }

  @Test
  void theThreadEndsWithItsWork() throws Exception {
    complete(1);
    awaitSeal(1);
    awaitIdle();
  }

  @Test
  void savepointsHaveNoSeal() throws Exception {
    Path savepoints = Files.createDirectories(directory.resolve("savepoints"));
    complete(1, storage.initializeLocationForSavepoint(1, savepoints.toUri().toString()));
    awaitIdle();
    assertThat(job().resolve("seals")).doesNotExist();
  }

  @Test
  void anotherStorageThatAClusterAsksForStays() {
    Configuration cluster = new Configuration();
    cluster.set(CheckpointingOptions.CHECKPOINT_STORAGE, "jobmanager");
    Configuration job = new Configuration();
    SealedCheckpointStorage.choose(job, cluster);
    assertThat(job.toMap()).isEmpty();
    cluster.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    SealedCheckpointStorage.choose(job, cluster);
    assertThat(job.get(CheckpointingOptions.CHECKPOINT_STORAGE)).contains("Sealed");
  }

  private static void awaitIdle() throws InterruptedException {
    for (int i = 0; i < 2_000 && sealing(); i++) {
      Thread.sleep(5);
    }
    assertThat(sealing()).isFalse();
  }

  private static boolean sealing() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("checkpoint-sealing"));
  }
}
