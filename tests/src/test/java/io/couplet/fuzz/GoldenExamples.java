package io.couplet.fuzz;

import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.SchemaStore;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecordBase;

/** Encoded records that the schemas keep, with every field set. */
public final class GoldenExamples {
  private static final Path GOLDEN = Path.of("../schemas/src/test/resources/golden");
  private static final int FINGERPRINT = 2;

  private GoldenExamples() {}

  /** Of every version. */
  public static List<byte[]> all(Topic<?> topic) throws IOException {
    List<byte[]> examples = new ArrayList<>();
    for (Path file : files(topic, ".bin")) {
      examples.add(Files.readAllBytes(file));
    }
    return examples;
  }

  /** Of the version in use, whose schema need not be looked up on a broker. */
  public static <T extends SpecificRecordBase> byte[] inUse(Topic<T> topic) throws IOException {
    long fingerprint = RecordCodec.of(topic).fingerprint();
    return all(topic).stream()
        .filter(bytes -> fingerprint(bytes) == fingerprint)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError("No example of " + topic.entity() + " is by the schema in use"));
  }

  /** The schemas of every version, as if all had been published. */
  public static SchemaStore schemas(Topic<?> topic) throws IOException {
    Map<Long, Schema> schemas = new HashMap<>();
    for (Path file : files(topic, ".avsc")) {
      Schema schema = new Schema.Parser().parse(Files.readString(file));
      schemas.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }
    return fingerprint -> Optional.ofNullable(schemas.get(fingerprint));
  }

  private static List<Path> files(Topic<?> topic, String suffix) throws IOException {
    try (Stream<Path> versions = Files.list(GOLDEN)) {
      return versions
          .sorted()
          .map(version -> version.resolve(topic.type().getSimpleName() + suffix))
          .filter(Files::exists)
          .toList();
    }
  }

  private static long fingerprint(byte[] record) {
    return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).getLong(FINGERPRINT);
  }
}
