package io.couplet.serde;

import java.io.Serializable;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/** What a job makes of the records it reads. */
@FunctionalInterface
public interface RecordReader<T extends SpecificRecordBase, R> extends Serializable {
  R read(Decoded.Value<T> record);

  /** What a removal means; empty (the default) sends it to the dead letters. */
  default Optional<R> removal(Decoded.Tombstone<T> tombstone) {
    return Optional.empty();
  }
}
