package io.couplet.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads and writes files that hold one JSON object. Duplicate keys and trailing text are errors.
 */
public final class JsonFile {
  /**
   * Largest file that is read whole; the tokenizer.json of a 150,000-token vocabulary has 11 MB.
   */
  static final long MAX_BYTES = 64L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private JsonFile() {}

  /** The object in the file; {@link InvalidFileException} when there is something else. */
  public static ObjectNode read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidFileException(file, "expected a JSON file, but there is no such file");
    }
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new InvalidFileException(
          file, "has " + size + " bytes; JSON files are read up to " + MAX_BYTES + " bytes");
    }
    return parse(file, Files.readAllBytes(file));
  }

  /** The object in the bytes; {@code source} is named in errors. */
  public static ObjectNode parse(Path source, byte[] bytes) {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new InvalidFileException(
          source, "is not well-formed JSON: " + e.getOriginalMessage() + where(e), e);
    } catch (IOException e) {
      throw new InvalidFileException(source, "is not readable as JSON: " + e.getMessage(), e);
    }
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw new InvalidFileException(
        source,
        "expected a JSON object, found "
            + root.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  public static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** Pretty-printed with two spaces and line feeds, keys in the order of the object. */
  public static void write(Path file, ObjectNode object) throws IOException {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(lines);
    printer.indentArraysWith(lines);
    Files.writeString(file, MAPPER.writer(printer).writeValueAsString(object) + "\n");
  }

  /** Compact JSON in UTF-8, keys in the order of the object. */
  public static byte[] toBytes(ObjectNode object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree is always writable", e);
    }
  }
}
