package io.couplet.streams;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** What is in a savepoint of Flink's canonical format: operators by uid, and their states. */
final class SavepointContents {
  /** Names that Flink's sinks give, others after a restoration than before. */
  private static final String OF_SINKS = "_raw_states";

  private SavepointContents() {}

  /** A line for each operator: its uid, then the names of its states in alphabetical order. */
  static List<String> of(Path savepoint) throws IOException {
    CheckpointMetadata metadata;
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(savepoint.resolve("_metadata")))) {
      metadata =
          Checkpoints.loadCheckpointMetadata(
              in, SavepointContents.class.getClassLoader(), savepoint.toString());
    }
    TreeMap<String, TreeSet<String>> operators = new TreeMap<>();
    for (OperatorState operator : metadata.getOperatorStates()) {
      TreeSet<String> states =
          operators.computeIfAbsent(
              operator.getOperatorUid().orElse("(without uid) " + operator.getOperatorID()),
              uid -> new TreeSet<>());
      for (OperatorSubtaskState subtask : operator.getStates()) {
        for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
          handle.getStateNameToPartitionOffsets().keySet().stream()
              .filter(state -> !state.endsWith(OF_SINKS))
              .forEach(states::add);
        }
        for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
          keyed((KeyGroupsStateHandle) handle, states);
        }
      }
    }
    return operators.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toList();
  }

  private static void keyed(KeyGroupsStateHandle handle, Set<String> states) throws IOException {
    try (var in = handle.openInputStream()) {
      KeyedBackendSerializationProxy<?> proxy =
          new KeyedBackendSerializationProxy<>(SavepointContents.class.getClassLoader());
      proxy.read(new DataInputViewStreamWrapper(in));
      proxy.getStateMetaInfoSnapshots().stream()
          .map(StateMetaInfoSnapshot::getName)
          .forEach(states::add);
    }
  }
}
