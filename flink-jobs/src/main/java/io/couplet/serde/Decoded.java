package io.couplet.serde;

import io.couplet.schemas.DeadLetter;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecordBase;

/** What the bytes of a Kafka record turned out to be. */
public sealed interface Decoded<T extends SpecificRecordBase> {

  /**
   * Where a record stands.
   *
   * @param timestampMs as its producer or broker stamped it; for reports only
   */
  record Origin(String topic, int partition, long offset, long timestampMs) {}

  /**
   * A record of the expected type.
   *
   * @param bytes the record as its producer wrote it, for readers that asked for it; else empty
   */
  record Value<T extends SpecificRecordBase>(T value, Origin origin, ByteBuffer bytes)
      implements Decoded<T> {
    private static final ByteBuffer NOT_KEPT = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** A record whose bytes nobody needs. */
    Value(T value, Origin origin) {
      this(value, origin, NOT_KEPT);
    }
  }

  /**
   * A key without a value: on a compacted topic, the removal of that key.
   *
   * @param key as UTF-8 text, empty when there is none
   * @param letter for readers that do not expect removals
   */
  record Tombstone<T extends SpecificRecordBase>(String key, Origin origin, DeadLetter letter)
      implements Decoded<T> {}

  /** Not a record of the expected type; the letter holds its bytes and the reason. */
  record Poison<T extends SpecificRecordBase>(DeadLetter letter) implements Decoded<T> {}
}
