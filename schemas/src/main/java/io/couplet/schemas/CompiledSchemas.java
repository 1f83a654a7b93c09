package io.couplet.schemas;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** The schemas that this build reads and writes. */
public final class CompiledSchemas {
  private static final List<Schema> ALL =
      List.of(
          Problem.getClassSchema(),
          Rollout.getClassSchema(),
          Reward.getClassSchema(),
          RewardSource.getClassSchema(),
          Group.getClassSchema(),
          Policy.getClassSchema(),
          LedgerEntry.getClassSchema(),
          Evaluation.getClassSchema(),
          DeadLetter.getClassSchema());

  private static final Map<Long, Schema> BY_FINGERPRINT = byFingerprint();

  private CompiledSchemas() {}

  /** One schema for each record type. */
  public static List<Schema> all() {
    return ALL;
  }

  static Optional<Schema> find(long fingerprint) {
    return Optional.ofNullable(BY_FINGERPRINT.get(fingerprint));
  }

  /**
   * CRC-64-AVRO of the parsing canonical form, as single-object encoding uses it. It writes that
   * form anew at each call: nothing to do for every record.
   */
  public static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** A fingerprint as records' headers and the schemas topic's keys show it: 16 hex digits. */
  public static String hex(long fingerprint) {
    return HexFormat.of().toHexDigits(fingerprint);
  }

  private static Map<Long, Schema> byFingerprint() {
    Map<Long, Schema> schemas = new HashMap<>();
    for (Schema schema : ALL) {
      schemas.put(fingerprint(schema), schema);
    }
    return Map.copyOf(schemas);
  }
}
