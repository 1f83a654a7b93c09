package io.couplet.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.RewardSource;
import java.nio.ByteBuffer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class DecodedSerializerTest {
  private static final Decoded.Origin ORIGIN = new Decoded.Origin("topic", 3, 42L, 7L);

  private final DecodedSerializer<RewardSource> serializer =
      new DecodedSerializer<>(RewardSource.class);

  private static DeadLetter letter() {
    return DeadLetter.newBuilder()
        .setRun("run")
        .setTopic("topic")
        .setPartition(3)
        .setOffset(42L)
        .setValue(ByteBuffer.wrap(new byte[] {1, -2}))
        .setStage("stage")
        .setReason("reason")
        .setCreatedMs(0L)
        .build();
  }

  private Decoded<RewardSource> back(Decoded<RewardSource> decoded) throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(decoded, out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }

  @Test
  void everyKindComesBackEqual() throws Exception {
    var value = new Decoded.Value<>(new RewardSource("lint", 0.5, true, 100L, 0.0, 1.0), ORIGIN);
    var withBytes =
        new Decoded.Value<>(value.value(), ORIGIN, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    var tombstone = new Decoded.Tombstone<RewardSource>("lint", ORIGIN, letter());
    var poison = new Decoded.Poison<RewardSource>(letter());
    assertThat(back(value)).isEqualTo(value);
    assertThat(back(withBytes)).isEqualTo(withBytes);
    assertThat(back(tombstone)).isEqualTo(tombstone);
    assertThat(back(poison)).isEqualTo(poison);
  }

  @Test
  void aSnapshotRestoresAnEqualSerializer() throws Exception {
    var snapshot = serializer.snapshotConfiguration();
    DataOutputSerializer out = new DataOutputSerializer(64);
    snapshot.writeSnapshot(out);
    var restored = new DecodedSerializer.Snapshot<RewardSource>();
    restored.readSnapshot(
        snapshot.getCurrentVersion(),
        new DataInputDeserializer(out.getCopyOfBuffer()),
        getClass().getClassLoader());
    assertThat(restored.restoreSerializer().duplicate()).isEqualTo(serializer);
  }
}
