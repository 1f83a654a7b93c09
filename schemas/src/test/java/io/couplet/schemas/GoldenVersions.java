package io.couplet.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/**
 * Every published version of the schemas, with an encoded example each: what existing topics hold.
 * A version is never edited once a release has written with it; {@link #main} adds the next one.
 */
final class GoldenVersions {
  static final Path DIRECTORY = Path.of("src/test/resources/golden");

  private GoldenVersions() {}

  record Golden(String version, String type, Schema schema, byte[] example) {
    @Override
    public String toString() {
      return version + " " + type;
    }
  }

  /** All versions, oldest first. */
  static List<Golden> all() throws IOException {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      return files
          .filter(file -> file.toString().endsWith(".avsc"))
          .sorted(Comparator.comparing(GoldenVersions::number).thenComparing(Path::toString))
          .map(GoldenVersions::read)
          .toList();
    }
  }

  /** The newest version, by record type. */
  static Map<String, Golden> newest() throws IOException {
    Map<String, Golden> newest = new TreeMap<>();
    all().forEach(golden -> newest.put(golden.type(), golden));
    return newest;
  }

  private static int number(Path file) {
    return Integer.parseInt(file.getParent().getFileName().toString().substring(1));
  }

  private static Golden read(Path file) {
    String type = file.getFileName().toString().replace(".avsc", "");
    try {
      return new Golden(
          file.getParent().getFileName().toString(),
          type,
          new Schema.Parser().parse(Files.readString(file)),
          Files.readAllBytes(file.resolveSibling(type + ".bin")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Writes the schemas that have changed as a new version: argument {@code v2}, say. */
  public static void main(String[] arguments) throws IOException {
    Map<String, Golden> newest = newest();
    Path directory = Files.createDirectories(DIRECTORY.resolve(arguments[0]));
    for (Examples.Example<?> example : Examples.all()) {
      Schema schema = example.value().getSchema();
      Golden last = newest.get(example.name());
      if (last != null
          && CompiledSchemas.fingerprint(last.schema()) == CompiledSchemas.fingerprint(schema)) {
        continue;
      }
      Files.writeString(
          directory.resolve(example.name() + ".avsc"),
          SchemaFormatter.format("json/pretty", schema) + "\n");
      Files.write(directory.resolve(example.name() + ".bin"), example.encoded());
    }
  }
}
