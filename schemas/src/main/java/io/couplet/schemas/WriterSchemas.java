package io.couplet.schemas;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** Which schemas of strangers are safe to decode with. */
final class WriterSchemas {
  static final int MAX_JSON_CHARACTERS = 256 << 10;

  private WriterSchemas() {}

  /** Why a schema is refused, as a sentence; empty when it is fine. */
  static Optional<String> refusal(Schema schema) {
    return refusal(schema, new HashSet<>());
  }

  private static Optional<String> refusal(Schema schema, Set<String> open) {
    return switch (schema.getType()) {
      case RECORD -> refusalOfRecord(schema, open);
      case UNION ->
          schema.getTypes().stream()
              .map(branch -> refusal(branch, open))
              .flatMap(Optional::stream)
              .findFirst();
      case ARRAY ->
          takesNoBytes(schema.getElementType())
              ? Optional.of("it has an array whose items take no bytes")
              : refusal(schema.getElementType(), open);
      case MAP -> refusal(schema.getValueType(), open);
      default -> Optional.empty();
    };
  }

  private static Optional<String> refusalOfRecord(Schema record, Set<String> open) {
    if (!open.add(record.getFullName())) {
      return Optional.of("it is recursive in " + record.getFullName());
    }
    try {
      return record.getFields().stream()
          .map(field -> refusal(field.schema(), open))
          .flatMap(Optional::stream)
          .findFirst();
    } finally {
      open.remove(record.getFullName());
    }
  }

  private static boolean takesNoBytes(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> true;
      case FIXED -> schema.getFixedSize() == 0;
      case RECORD ->
          schema.getFields().stream().allMatch(field -> takesNoBytesOrRepeats(schema, field));
      default -> false;
    };
  }

  private static boolean takesNoBytesOrRepeats(Schema record, Schema.Field field) {
    return field.schema().equals(record) || takesNoBytes(field.schema());
  }
}
