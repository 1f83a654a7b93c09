package io.couplet.serde;

import io.couplet.schemas.DeadLetter;
import io.couplet.serde.Decoded.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeutils.CompositeTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.formats.avro.typeutils.AvroSerializer;

/** Moves {@link Decoded} between a source and its reader, when the two are not chained. */
final class DecodedSerializer<T extends SpecificRecordBase> extends TypeSerializer<Decoded<T>> {
  private static final long serialVersionUID = 1L;
  private static final byte RECORD = 0;
  private static final byte TOMBSTONE = 1;
  private static final byte POISON = 2;

  private final TypeSerializer<T> values;
  private final TypeSerializer<DeadLetter> letters;

  DecodedSerializer(Class<T> type) {
    this(new AvroSerializer<>(type), new AvroSerializer<>(DeadLetter.class));
  }

  private DecodedSerializer(TypeSerializer<T> values, TypeSerializer<DeadLetter> letters) {
    this.values = values;
    this.letters = letters;
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<Decoded<T>> duplicate() {
    return new DecodedSerializer<>(values.duplicate(), letters.duplicate());
  }

  @Override
  public Decoded<T> createInstance() {
    return new Decoded.Poison<>(letters.createInstance());
  }

  @Override
  public Decoded<T> copy(Decoded<T> from) {
    if (from instanceof Decoded.Value<T> record) {
      return new Decoded.Value<>(values.copy(record.value()), record.origin(), record.bytes());
    }
    return from;
  }

  @Override
  public Decoded<T> copy(Decoded<T> from, Decoded<T> reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(Decoded<T> decoded, DataOutputView target) throws IOException {
    if (decoded instanceof Decoded.Value<T> record) {
      target.writeByte(RECORD);
      write(record.origin(), target);
      values.serialize(record.value(), target);
      write(record.bytes(), target);
    } else if (decoded instanceof Decoded.Tombstone<T> tombstone) {
      target.writeByte(TOMBSTONE);
      write(tombstone.origin(), target);
      target.writeUTF(tombstone.key());
      letters.serialize(tombstone.letter(), target);
    } else if (decoded instanceof Decoded.Poison<T> poison) {
      target.writeByte(POISON);
      letters.serialize(poison.letter(), target);
    }
  }

  @Override
  public Decoded<T> deserialize(DataInputView source) throws IOException {
    byte kind = source.readByte();
    return switch (kind) {
      case RECORD -> {
        Origin origin = origin(source);
        T value = values.deserialize(source);
        yield new Decoded.Value<>(value, origin, bytes(source));
      }
      case TOMBSTONE -> {
        Origin origin = origin(source);
        yield new Decoded.Tombstone<>(source.readUTF(), origin, letters.deserialize(source));
      }
      case POISON -> new Decoded.Poison<>(letters.deserialize(source));
      default -> throw new IOException("Expected a decoded record, found kind " + kind);
    };
  }

  @Override
  public Decoded<T> deserialize(Decoded<T> reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  private static void write(Origin origin, DataOutputView target) throws IOException {
    target.writeUTF(origin.topic());
    target.writeInt(origin.partition());
    target.writeLong(origin.offset());
    target.writeLong(origin.timestampMs());
  }

  private static void write(ByteBuffer bytes, DataOutputView target) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    target.writeInt(copy.length);
    target.write(copy);
  }

  private static ByteBuffer bytes(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static Origin origin(DataInputView source) throws IOException {
    return new Origin(source.readUTF(), source.readInt(), source.readLong(), source.readLong());
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecodedSerializer<?> that
        && values.equals(that.values)
        && letters.equals(that.letters);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values, letters);
  }

  @Override
  public TypeSerializerSnapshot<Decoded<T>> snapshotConfiguration() {
    return new Snapshot<>(this);
  }

  /** Public with a public constructor, as Flink finds it by name. */
  public static final class Snapshot<T extends SpecificRecordBase>
      extends CompositeTypeSerializerSnapshot<Decoded<T>, DecodedSerializer<T>> {
    public Snapshot() {}

    Snapshot(DecodedSerializer<T> serializer) {
      super(serializer);
    }

    @Override
    protected int getCurrentOuterSnapshotVersion() {
      return 1;
    }

    @Override
    protected TypeSerializer<?>[] getNestedSerializers(DecodedSerializer<T> outer) {
      return new TypeSerializer<?>[] {outer.values, outer.letters};
    }

    @SuppressWarnings("unchecked")
    @Override
    protected DecodedSerializer<T> createOuterSerializerWithNestedSerializers(
        TypeSerializer<?>[] nested) {
      return new DecodedSerializer<>(
          (TypeSerializer<T>) nested[0], (TypeSerializer<DeadLetter>) nested[1]);
    }
  }
}
