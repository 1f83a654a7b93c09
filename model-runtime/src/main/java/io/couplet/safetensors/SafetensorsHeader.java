package io.couplet.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.couplet.files.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, checked: known element types, non-negative shapes, every
 * region as long as its shape says, regions without overlap or gap, together as long as the data.
 *
 * @param tensors by name, in order of their regions
 * @param metadata free strings from the writer
 */
record SafetensorsHeader(Map<String, Region> tensors, Map<String, String> metadata) {
  static final String METADATA_KEY = "__metadata__";
  private static final int MAX_RANK = 8;
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).build())
          .build();

  /** A tensor and where its bytes are, relative to the end of the header. */
  record Region(TensorSpec spec, long begin, long end) {}

  /** Parses and checks the header of {@code file}, which has {@code dataBytes} after the header. */
  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
    List<Region> regions = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      expect(file, parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        expect(file, parser.nextToken(), JsonToken.START_OBJECT, "header key '" + name + "'");
        if (name.equals(METADATA_KEY)) {
          readMetadata(file, parser, metadata);
        } else {
          regions.add(readRegion(file, parser, name));
        }
      }
      if (parser.nextToken() != null) {
        throw new InvalidFileException(file, "has text after the header's JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new InvalidFileException(
          file, "the header is not well-formed JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new InvalidFileException(file, "the header is unreadable: " + e.getMessage(), e);
    }
    return checked(file, regions, metadata, dataBytes);
  }

  private static void readMetadata(Path file, JsonParser parser, Map<String, String> into)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      expect(file, parser.nextToken(), JsonToken.VALUE_STRING, "metadata '" + key + "'");
      into.put(key, parser.getText());
    }
  }

  private static Region readRegion(Path file, JsonParser parser, String name) throws IOException {
    ElementType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      String what = "'" + key + "' of tensor " + name;
      JsonToken token = parser.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(file, token, JsonToken.VALUE_STRING, what);
          type = elementType(file, name, parser.getText());
        }
        case "shape" -> shape = readLongs(file, parser, token, what, MAX_RANK);
        case "data_offsets" -> offsets = readLongs(file, parser, token, what, 2);
        default ->
            throw new InvalidFileException(
                file, "tensor " + name + " has the unknown header key '" + key + "'");
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new InvalidFileException(
          file,
          "tensor "
              + name
              + " needs the header keys dtype, shape and data_offsets (two numbers); one is missing");
    }
    return new Region(new TensorSpec(name, type, shape), offsets.get(0), offsets.get(1));
  }

  private static ElementType elementType(Path file, String name, String text) {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(text)) {
        return type;
      }
    }
    throw new InvalidFileException(
        file,
        "tensor "
            + name
            + " has dtype "
            + text
            + "; supported are F32, F16, BF16, I64, I32 and U8: convert the file");
  }

  private static List<Long> readLongs(
      Path file, JsonParser parser, JsonToken first, String what, int most) throws IOException {
    expect(file, first, JsonToken.START_ARRAY, what);
    List<Long> values = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      expect(file, token, JsonToken.VALUE_NUMBER_INT, "each number in " + what);
      if (values.size() == most) {
        throw new InvalidFileException(file, what + " has more than " + most + " numbers");
      }
      long value = parser.getLongValue();
      if (value < 0) {
        throw new InvalidFileException(file, what + " holds the negative number " + value);
      }
      values.add(value);
    }
    return values;
  }

  private static void expect(Path file, JsonToken found, JsonToken expected, String what) {
    if (found != expected) {
      throw new InvalidFileException(
          file,
          what
              + " must be "
              + describe(expected)
              + ", found "
              + (found == null ? "the end of the header" : describe(found)));
    }
  }

  private static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "an integer";
      case VALUE_NUMBER_FLOAT -> "a fraction";
      default -> token.name();
    };
  }

  private static SafetensorsHeader checked(
      Path file, List<Region> regions, Map<String, String> metadata, long dataBytes) {
    regions.sort(Comparator.comparingLong(Region::begin).thenComparingLong(Region::end));
    Map<String, Region> byName = new LinkedHashMap<>();
    long covered = 0;
    String previous = "the header";
    for (Region region : regions) {
      String name = region.spec().name();
      long length = byteLength(file, region.spec());
      if (region.end() > dataBytes || region.begin() > region.end()) {
        throw new InvalidFileException(
            file,
            "tensor %s lies at bytes %d to %d, but the data ends at byte %d: the file is truncated or its header is wrong"
                .formatted(name, region.begin(), region.end(), dataBytes));
      }
      if (region.end() - region.begin() != length) {
        throw new InvalidFileException(
            file,
            "tensor %s of dtype %s and shape %s has %d bytes, but its offsets span %d"
                .formatted(
                    name,
                    region.spec().type(),
                    region.spec().shape(),
                    length,
                    region.end() - region.begin()));
      }
      if (region.begin() != covered) {
        throw new InvalidFileException(
            file,
            "tensor %s starts at byte %d and %s ends at byte %d: regions must neither overlap nor leave gaps"
                .formatted(name, region.begin(), previous, covered));
      }
      covered = region.end();
      previous = "tensor " + name;
      byName.put(name, region);
    }
    if (covered != dataBytes) {
      throw new InvalidFileException(
          file,
          "has %d bytes of data, but its tensors end at byte %d".formatted(dataBytes, covered));
    }
    return new SafetensorsHeader(
        Collections.unmodifiableMap(byName), Collections.unmodifiableMap(metadata));
  }

  private static long byteLength(Path file, TensorSpec spec) {
    try {
      return spec.byteLength();
    } catch (ArithmeticException e) {
      throw new InvalidFileException(
          file, "tensor " + spec.name() + " has the impossible shape " + spec.shape(), e);
    }
  }
}
