package io.couplet.streams;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.MapSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.restore.KeyGroup;
import org.apache.flink.runtime.state.restore.KeyGroupEntry;
import org.apache.flink.runtime.state.restore.SavepointRestoreResult;
import org.apache.flink.runtime.state.restore.ThrowingIterator;

/**
 * The values in a savepoint of Flink's canonical format, as bytes, with what they were written by.
 * Keys are text. Timers are left out.
 */
final class StoredStates {
  private static final ClassLoader LOADER = StoredStates.class.getClassLoader();

  private final Map<String, StoredState> states = new LinkedHashMap<>();

  private StoredStates() {}

  /**
   * @param name operator uid and state name
   * @param writer snapshot of the serializer of the values
   * @param values each begins with a value; what follows it does not belong to it
   */
  record StoredState(String name, TypeSerializerSnapshot<?> writer, List<byte[]> values) {}

  static List<StoredState> of(Path savepoint) throws Exception {
    StoredStates all = new StoredStates();
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(savepoint.resolve("_metadata")))) {
      for (OperatorState operator :
          Checkpoints.loadCheckpointMetadata(in, LOADER, savepoint.toString())
              .getOperatorStates()) {
        String uid = operator.getOperatorUid().orElseThrow();
        for (OperatorSubtaskState subtask : operator.getStates()) {
          for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
            all.addOperatorStates(uid, handle);
          }
          for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
            all.addKeyedStates(uid, (KeyGroupsStateHandle) handle);
          }
        }
      }
    }
    return List.copyOf(all.states.values());
  }

  private StoredState state(String uid, StateMetaInfoSnapshot meta, TypeSerializerSnapshot<?> by) {
    return states.computeIfAbsent(
        uid + "/" + meta.getName(), name -> new StoredState(name, by, new ArrayList<>()));
  }

  private static TypeSerializerSnapshot<?> valueWriter(StateMetaInfoSnapshot meta) {
    return meta.getTypeSerializerSnapshot(CommonSerializerKeys.VALUE_SERIALIZER);
  }

  private void addOperatorStates(String uid, OperatorStateHandle handle) throws IOException {
    byte[] bytes;
    try (InputStream in = handle.openInputStream()) {
      bytes = in.readAllBytes();
    }
    OperatorBackendSerializationProxy described = new OperatorBackendSerializationProxy(LOADER);
    described.read(new DataInputViewStreamWrapper(new ByteArrayInputStream(bytes)));
    for (StateMetaInfoSnapshot meta : described.getOperatorStateMetaInfoSnapshots()) {
      StoredState state = state(uid, meta, valueWriter(meta));
      for (long offset : offsets(handle, meta)) {
        state.values().add(from(bytes, Math.toIntExact(offset)));
      }
    }
    for (StateMetaInfoSnapshot meta : described.getBroadcastStateMetaInfoSnapshots()) {
      StoredState state = state(uid, meta, valueWriter(meta));
      TypeSerializer<?> keys =
          meta.getTypeSerializerSnapshot(CommonSerializerKeys.KEY_SERIALIZER).restoreSerializer();
      TypeSerializer<?> values = state.writer().restoreSerializer();
      for (long offset : offsets(handle, meta)) {
        byte[] partition = from(bytes, Math.toIntExact(offset));
        DataInputDeserializer in = new DataInputDeserializer(partition);
        for (int entries = in.readInt(); entries > 0; entries--) {
          keys.deserialize(in);
          state.values().add(from(partition, in.getPosition()));
          values.deserialize(in);
        }
      }
    }
  }

  private static long[] offsets(OperatorStateHandle handle, StateMetaInfoSnapshot meta) {
    var partitions = handle.getStateNameToPartitionOffsets().get(meta.getName());
    return partitions == null ? new long[0] : partitions.getOffsets();
  }

  private void addKeyedStates(String uid, KeyGroupsStateHandle handle) throws Exception {
    ThrowingIterator<SavepointRestoreResult> results =
        new FullSnapshotRestoreOperation<>(
                handle.getKeyGroupRange(),
                LOADER,
                List.of(handle),
                StateSerializerProvider.fromNewRegisteredSerializer(StringSerializer.INSTANCE))
            .restore();
    while (results.hasNext()) {
      SavepointRestoreResult result = results.next();
      List<StateMetaInfoSnapshot> metas = result.getStateMetaInfoSnapshots();
      for (StateMetaInfoSnapshot meta : metas) {
        if (meta.getBackendStateType() == BackendStateType.KEY_VALUE) {
          state(uid, meta, elementWriter(meta));
        }
      }
      try (ThrowingIterator<KeyGroup> groups = result.getRestoredKeyGroups()) {
        while (groups.hasNext()) {
          try (ThrowingIterator<KeyGroupEntry> entries = groups.next().getKeyGroupEntries()) {
            while (entries.hasNext()) {
              KeyGroupEntry entry = entries.next();
              StateMetaInfoSnapshot meta = metas.get(entry.getKvStateId());
              if (meta.getBackendStateType() == BackendStateType.KEY_VALUE) {
                add(state(uid, meta, elementWriter(meta)), meta, entry.getValue());
              }
            }
          }
        }
      }
    }
  }

  private static TypeSerializerSnapshot<?> elementWriter(StateMetaInfoSnapshot meta) {
    TypeSerializerSnapshot<?> writer = valueWriter(meta);
    return writer instanceof MapSerializerSnapshot<?, ?> map
        ? map.getValueSerializerSnapshot()
        : writer;
  }

  /** An entry of a map begins with whether it is null. */
  private static void add(StoredState state, StateMetaInfoSnapshot meta, byte[] value) {
    boolean entry = valueWriter(meta) instanceof MapSerializerSnapshot<?, ?>;
    if (!entry || value[0] == 0) {
      state.values().add(from(value, entry ? 1 : 0));
    }
  }

  private static byte[] from(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, at, bytes.length);
  }
}
