package io.couplet.serde;

import java.io.Serializable;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/** Why a record that decodes cannot be used, as a sentence; empty when it can. */
@FunctionalInterface
public interface RecordCheck<T extends SpecificRecordBase> extends Serializable {
  Optional<String> refusal(T record, Decoded.Origin origin);
}
