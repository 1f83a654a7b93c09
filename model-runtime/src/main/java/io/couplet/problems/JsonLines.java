package io.couplet.problems;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/**
 * Reads JSONL one line at a time, plain or gzip (told by content, not by name). A line that is too
 * long, not UTF-8 or not one JSON object becomes {@link JsonLine.Malformed}; the lines after it are
 * still read. Blank lines are skipped. Numbers keep every digit.
 */
public final class JsonLines {
  /** A longer line is reported and skipped without being kept in memory. */
  public static final int MAXIMUM_LINE_BYTES = 16 << 20;

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(200)
                .maxNumberLength(20_000)
                .maxStringLength(MAXIMUM_LINE_BYTES)
                .build());
  }

  private JsonLines() {}

  /**
   * The lines of a file, lazily; close the stream. Read errors surface as {@link
   * UncheckedIOException}.
   */
  public static Stream<JsonLine> read(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      bytes = unzipped(bytes);
    } catch (IOException e) {
      bytes.close();
      throw new InvalidProblemException(
          file + " starts like a gzip file but is none: " + e.getMessage(), e);
    }
    Lines lines = new Lines(file, bytes);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(lines::close);
  }

  private static InputStream unzipped(InputStream bytes) throws IOException {
    bytes.mark(2);
    boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
    bytes.reset();
    return gzip ? new BufferedInputStream(new GZIPInputStream(bytes), 1 << 16) : bytes;
  }

  /** Parses the text of one line. */
  static JsonLine parse(long number, String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node instanceof ObjectNode object
          ? new JsonLine.Parsed(number, object)
          : new JsonLine.Malformed(
              number, "is a JSON " + JsonFields.kindOf(node) + ", but an object was expected");
    } catch (JsonProcessingException e) {
      return new JsonLine.Malformed(number, "is not valid JSON: " + e.getOriginalMessage());
    }
  }

  private static final class Lines implements Iterator<JsonLine> {
    private final Path file;
    private final InputStream bytes;
    private long number;
    private JsonLine next;
    private boolean ended;

    Lines(Path file, InputStream bytes) {
      this.file = file;
      this.bytes = bytes;
    }

    @Override
    public boolean hasNext() {
      while (next == null && !ended) {
        next = advance();
      }
      return next != null;
    }

    @Override
    public JsonLine next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      JsonLine line = next;
      next = null;
      return line;
    }

    /** The next line, or null for a blank line or the end. */
    private JsonLine advance() {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      long length = 0;
      try {
        int b = bytes.read();
        ended = b < 0;
        while (b >= 0 && b != '\n') {
          if (++length <= MAXIMUM_LINE_BYTES) {
            line.write(b);
          }
          b = bytes.read();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            file + " cannot be read after line " + number + ": " + e.getMessage(), e);
      }
      number++;
      if (length > MAXIMUM_LINE_BYTES) {
        return new JsonLine.Malformed(
            number, "has " + length + " bytes; at most " + MAXIMUM_LINE_BYTES + " are read");
      }
      try {
        String text =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line.toByteArray()))
                .toString();
        String plain = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        return plain.isBlank() ? null : parse(number, plain);
      } catch (CharacterCodingException e) {
        return new JsonLine.Malformed(number, "is not UTF-8 text");
      }
    }

    void close() {
      try {
        bytes.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
