package io.couplet.submission;

import io.couplet.files.Sha256;
import io.couplet.store.FlinkObjectStore;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * The SHA-256 of every file that a complete checkpoint consists of, kept beside it in {@code
 * seals/}, since Flink has none: a bit that flips in its metadata can be a count, or the name of a
 * state, which then is absent without a word.
 *
 * @param sha256ByName file names, relative to the directory of the job's checkpoints
 */
record CheckpointSeal(Map<String, String> sha256ByName) {
  static final String DIRECTORY = "seals";

  /** Where the seal of a checkpoint is. */
  static Path pathOf(Path checkpoint) {
    return new Path(new Path(checkpoint.getParent(), DIRECTORY), checkpoint.getName());
  }

  /**
   * Of a checkpoint as it is now.
   *
   * @param known hashes of files that have been read before; checkpoints never change a file
   * @throws IOException it is not complete, or not readable
   */
  static CheckpointSeal of(Path checkpoint, Map<String, String> known) throws IOException {
    Path metadata = new Path(checkpoint, "_metadata");
    byte[] bytes = read(metadata);
    Map<String, String> hashes = new TreeMap<>();
    hashes.put(name(checkpoint, metadata), Sha256.of(bytes));
    for (Path file : files(parsed(checkpoint, bytes))) {
      String name = name(checkpoint, file);
      String hash = known.get(name);
      hashes.put(name, hash == null ? hash(file) : hash);
    }
    return new CheckpointSeal(hashes);
  }

  /** Reads the metadata, which must be whole. */
  static CheckpointMetadata parsed(Path checkpoint, byte[] metadata) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(metadata))) {
      return Checkpoints.loadCheckpointMetadata(
          in, CheckpointSeal.class.getClassLoader(), checkpoint.toString());
    } catch (OutOfMemoryError e) {
      // Flink allocates what a length says before it looks whether so much is there.
      throw new IOException("its metadata holds a length that memory does not suffice for", e);
    }
  }

  static byte[] read(Path file) throws IOException {
    try (FSDataInputStream in = file.getFileSystem().open(file)) {
      return in.readAllBytes();
    }
  }

  /** Of a file of any size. */
  private static String hash(Path file) throws IOException {
    try (FSDataInputStream in = file.getFileSystem().open(file)) {
      return Sha256.of(in);
    }
  }

  /** The seal in a file of {@link #pathOf}. */
  static CheckpointSeal parse(Path file) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String line : new String(read(file), StandardCharsets.UTF_8).split("\n")) {
      String[] parts = line.split(" {2}", 2);
      if (parts.length != 2 || !Sha256.isDigest(parts[0])) {
        throw new IOException(
            file + " is no seal of a checkpoint: it holds the line '" + line + "'");
      }
      hashes.put(parts[1], parts[0]);
    }
    return new CheckpointSeal(hashes);
  }

  /** Writes the seal so that no reader ever sees half of it. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    sha256ByName.forEach((name, hash) -> text.append(hash).append("  ").append(name).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    FileSystem files = file.getFileSystem();
    if (FlinkObjectStore.showsWholeObjects(file)) {
      try (FSDataOutputStream out = files.create(file, FileSystem.WriteMode.OVERWRITE)) {
        out.write(bytes);
      }
      return;
    }
    Path draft = file.suffix(".new");
    try (FSDataOutputStream out = files.create(draft, FileSystem.WriteMode.OVERWRITE)) {
      out.write(bytes);
      out.sync();
    }
    files.rename(draft, file);
  }

  /**
   * Holds the files of a checkpoint against the seal.
   *
   * @throws IOException with a sentence about the first one that is not as it was
   */
  void check(Path checkpoint) throws IOException {
    for (Map.Entry<String, String> sealed : sha256ByName.entrySet()) {
      String found = hash(new Path(checkpoint.getParent(), sealed.getKey()));
      if (!found.equals(sealed.getValue())) {
        throw new IOException(
            sealed.getKey()
                + " is not as it was written: its SHA-256 was "
                + sealed.getValue()
                + " and is "
                + found);
      }
    }
  }

  private static String name(Path checkpoint, Path file) {
    String directory = checkpoint.getParent().toUri().getPath() + "/";
    String path = file.toUri().getPath();
    return path.startsWith(directory) ? path.substring(directory.length()) : path;
  }

  private static Set<Path> files(CheckpointMetadata metadata) {
    Set<Path> files = new LinkedHashSet<>();
    for (OperatorState operator : metadata.getOperatorStates()) {
      for (OperatorSubtaskState subtask : operator.getStates()) {
        List<StateObject> handles = new ArrayList<>();
        handles.addAll(subtask.getManagedOperatorState());
        handles.addAll(subtask.getRawOperatorState());
        handles.addAll(subtask.getManagedKeyedState());
        handles.addAll(subtask.getRawKeyedState());
        handles.forEach(handle -> add(handle, files));
      }
    }
    return files;
  }

  /** Small states have no file: they stand in the metadata. */
  private static void add(StateObject handle, Set<Path> files) {
    if (handle instanceof FileStateHandle file) {
      files.add(file.getFilePath());
    } else if (handle instanceof OperatorStateHandle operator) {
      add(operator.getDelegateStateHandle(), files);
    } else if (handle instanceof KeyGroupsStateHandle keyed) {
      add(keyed.getDelegateStateHandle(), files);
    } else if (handle instanceof IncrementalRemoteKeyedStateHandle incremental) {
      add(incremental.getMetaDataStateHandle(), files);
      for (HandleAndLocalPath one : incremental.getSharedState()) {
        add(one.getHandle(), files);
      }
      for (HandleAndLocalPath one : incremental.getPrivateState()) {
        add(one.getHandle(), files);
      }
    }
  }
}
