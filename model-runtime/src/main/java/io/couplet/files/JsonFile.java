package io.couplet.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes files that hold one JSON object. Duplicate keys, trailing text and deep nesting
 * are errors. Streams through Jackson's core alone: loading its data binding costs half a second of
 * a cold start.
 */
public final class JsonFile {
  /** Largest file that is read; the tokenizer.json of a 150,000-token vocabulary has 11 MB. */
  static final long MAX_BYTES = 64L << 20;

  private static final int MAX_DEPTH = 32;
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private JsonFile() {}

  /** The object in the file; {@link InvalidFileException} when there is something else. */
  public static JsonObject read(Path file) throws IOException {
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
  public static JsonObject parse(Path source, byte[] bytes) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      Object root = value(parser, parser.nextToken());
      if (!(root instanceof Map<?, ?>)) {
        throw new InvalidFileException(
            source, "expected a JSON object, found " + JsonObject.describe(root));
      }
      if (parser.nextToken() != null) {
        throw new InvalidFileException(source, "has text after its JSON object");
      }
      return JsonObject.of(source, root);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new InvalidFileException(
          source, "is not well-formed JSON: " + e.getOriginalMessage() + where, e);
    } catch (IOException e) {
      throw new InvalidFileException(source, "is not readable as JSON: " + e.getMessage(), e);
    }
  }

  /** Objects as maps, lists, strings, Boolean, Long or BigInteger, Double, null. */
  private static Object value(JsonParser parser, JsonToken token) throws IOException {
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          object.put(key, value(parser, parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(value(parser, next));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** Pretty-printed with two spaces and line feeds, keys in the order of the map. */
  public static void write(Path file, Map<String, ?> object) throws IOException {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(lines);
    printer.indentArraysWith(lines);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      generator.setPrettyPrinter(printer);
      write(generator, object);
      generator.writeRaw('\n');
    }
    Files.write(file, bytes.toByteArray());
  }

  /** Compact JSON in UTF-8, keys in the order of the map. */
  public static byte[] toBytes(Map<String, ?> object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      write(generator, object);
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    if (value instanceof Map<?, ?> object) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : object.entrySet()) {
        generator.writeFieldName((String) entry.getKey());
        write(generator, entry.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      generator.writeStartArray();
      for (Object element : list) {
        write(generator, element);
      }
      generator.writeEndArray();
    } else {
      generator.writePOJO(value);
    }
  }
}
