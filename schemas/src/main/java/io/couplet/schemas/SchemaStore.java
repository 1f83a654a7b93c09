package io.couplet.schemas;

import java.util.Optional;
import org.apache.avro.Schema;

/** Finds the schema a record was written with. Implementations are thread-safe. */
@FunctionalInterface
public interface SchemaStore {
  /**
   * The schema with that CRC-64-AVRO fingerprint, or empty when nobody has published it.
   *
   * @throws IllegalStateException when the store cannot be asked now (broker away)
   */
  Optional<Schema> find(long fingerprint);

  /** Knows no schema but those that this build was compiled with. */
  static SchemaStore ofThisBuild() {
    return CompiledSchemas::find;
  }
}
