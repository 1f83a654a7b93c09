package io.couplet.fuzz;

import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;

/** Encoded records that the schemas keep, with every field set. */
public final class GoldenExamples {
  private static final Path GOLDEN = Path.of("../schemas/src/test/resources/golden");
  private static final int FINGERPRINT = 2;

  private GoldenExamples() {}

  /** Of the version in use, whose schema need not be looked up on a broker. */
  public static <T extends SpecificRecordBase> byte[] inUse(Topic<T> topic) throws IOException {
    long fingerprint = RecordCodec.of(topic).fingerprint();
    try (Stream<Path> versions = Files.list(GOLDEN)) {
      List<Path> examples =
          versions
              .map(version -> version.resolve(topic.type().getSimpleName() + ".bin"))
              .filter(Files::exists)
              .toList();
      for (Path example : examples) {
        byte[] bytes = Files.readAllBytes(example);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getLong(FINGERPRINT) == fingerprint) {
          return bytes;
        }
      }
      throw new AssertionError(
          "No example of " + topic.entity() + " is by the schema in use, only " + examples);
    }
  }
}
