package io.couplet.schemas;

import io.couplet.schemas.UndecodableRecordException.Fault;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Records of one type as bytes and back, in Avro's single-object encoding: C3 01, the CRC-64-AVRO
 * fingerprint of the writer's schema in little-endian order, the record in Avro binary. Decoding
 * trusts nothing: whatever the bytes are, the outcome is a record or an {@link
 * UndecodableRecordException}, in time and memory bounded by their number. A record that decodes
 * can be encoded again, so that no job fails on what it has read. Not thread-safe.
 */
public final class RecordCodec<T extends SpecificRecordBase> {
  static final int HEADER_BYTES = 10;
  private static final byte MAGIC_0 = (byte) 0xC3;
  private static final byte MAGIC_1 = 0x01;

  private final Topic<T> topic;
  private final Schema schema;
  private final SpecificData data;
  private final SchemaStore store;
  private final SpecificDatumWriter<T> writer;
  private final long fingerprint;
  private final byte[] header;
  private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
  private BinaryEncoder encoder;

  /**
   * @param topic says which record type, and how large a record may be
   * @param store finds the schemas that others write with
   */
  public RecordCodec(Topic<T> topic, SchemaStore store) {
    this.topic = topic;
    this.store = store;
    data = SpecificData.getForClass(topic.type());
    schema = SpecificData.get().getSchema(topic.type());
    writer = new SpecificDatumWriter<>(schema, data);
    fingerprint = CompiledSchemas.fingerprint(schema);
    header =
        ByteBuffer.allocate(HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC_0)
            .put(MAGIC_1)
            .putLong(fingerprint)
            .array();
  }

  /** A codec that reads what this build writes. */
  public static <T extends SpecificRecordBase> RecordCodec<T> of(Topic<T> topic) {
    return new RecordCodec<>(topic, SchemaStore.ofThisBuild());
  }

  /** Fingerprint of the schema that {@link #encode} writes with. */
  public long fingerprint() {
    return fingerprint;
  }

  /**
   * @throws IllegalArgumentException when the record is larger than its topic takes, or a field
   *     that must be set is not
   */
  public byte[] encode(T value) {
    buffer.reset();
    buffer.writeBytes(header);
    try {
      encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
      writer.write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory does not fail", e);
    } catch (AvroRuntimeException | NullPointerException e) {
      throw new IllegalArgumentException(
          "A record for " + topic.entity() + " is not complete: " + e.getMessage(), e);
    }
    if (buffer.size() > topic.maxBytes()) {
      throw new IllegalArgumentException(
          "A record for "
              + topic.entity()
              + " takes "
              + buffer.size()
              + " bytes; the topic takes at most "
              + topic.maxBytes());
    }
    return buffer.toByteArray();
  }

  /**
   * @throws UndecodableRecordException when the bytes are not such a record
   */
  public T decode(byte[] bytes) throws UndecodableRecordException {
    if (bytes == null || bytes.length == 0) {
      throw new UndecodableRecordException(
          Fault.EMPTY, "Expected a record of " + topic.entity() + ", found no bytes");
    }
    if (bytes.length > topic.maxBytes()) {
      throw new UndecodableRecordException(
          Fault.TOO_LARGE,
          "Expected a record of at most "
              + topic.maxBytes()
              + " bytes, found "
              + bytes.length
              + " bytes");
    }
    if (bytes[0] != MAGIC_0 || (bytes.length > 1 && bytes[1] != MAGIC_1)) {
      throw new UndecodableRecordException(
          Fault.NOT_SINGLE_OBJECT,
          "Expected Avro single-object encoding, which starts with the bytes C3 01, found "
              + String.format("%02X", bytes[0])
              + (bytes.length > 1 ? String.format(" %02X", bytes[1]) : ""));
    }
    if (bytes.length < HEADER_BYTES) {
      throw new UndecodableRecordException(
          Fault.TRUNCATED,
          "Expected a header of " + HEADER_BYTES + " bytes, found " + bytes.length + " bytes");
    }
    long written = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    T value = body(reader(written), bytes);
    if (written != fingerprint) {
      requireFits(value);
    }
    return value;
  }

  /**
   * What is short in a schema of others (an int for a double, a field left out) may be long here.
   */
  private void requireFits(T value) throws UndecodableRecordException {
    try {
      encode(value);
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException(
          Fault.TOO_LARGE,
          "Expected a record that fits its topic in this build's schema as well: " + e.getMessage(),
          e);
    }
  }

  private T body(SpecificDatumReader<T> reader, byte[] bytes) throws UndecodableRecordException {
    BoundedDecoder decoder = new BoundedDecoder(bytes, HEADER_BYTES);
    T value;
    try {
      value = reader.read(null, decoder);
    } catch (EOFException e) {
      throw new UndecodableRecordException(
          Fault.TRUNCATED, "The record ends too early: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new UndecodableRecordException(
          Fault.MALFORMED,
          "The bytes do not follow the schema of " + topic.entity() + ": " + e.getMessage(),
          e);
    }
    if (decoder.remaining() > 0) {
      throw new UndecodableRecordException(
          Fault.TRAILING_BYTES,
          "Expected the end of the record, found " + decoder.remaining() + " bytes more");
    }
    return value;
  }

  private SpecificDatumReader<T> reader(long written) throws UndecodableRecordException {
    SpecificDatumReader<T> known = readers.get(written);
    if (known != null) {
      return known;
    }
    Schema writerSchema =
        written == fingerprint ? schema : acceptable(written, store.find(written));
    SpecificDatumReader<T> reader = new SpecificDatumReader<>(writerSchema, schema, data);
    readers.put(written, reader);
    return reader;
  }

  private Schema acceptable(long written, Optional<Schema> found)
      throws UndecodableRecordException {
    String name = CompiledSchemas.hex(written);
    Schema writerSchema =
        found.orElseThrow(
            () ->
                new UndecodableRecordException(
                    Fault.UNKNOWN_SCHEMA,
                    "The record was written with schema "
                        + name
                        + ", which nobody has published; publish it to the schemas topic of the run"
                        + " first"));
    Optional<String> refusal = WriterSchemas.refusal(writerSchema);
    if (refusal.isPresent()) {
      throw new UndecodableRecordException(
          Fault.INCOMPATIBLE_SCHEMA, "Schema " + name + " is refused: " + refusal.get());
    }
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(schema, writerSchema);
    if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new UndecodableRecordException(
          Fault.INCOMPATIBLE_SCHEMA,
          "Schema "
              + name
              + " ("
              + writerSchema.getFullName()
              + ") cannot be read as "
              + schema.getFullName()
              + ": "
              + firstIncompatibility(compatibility));
    }
    return writerSchema;
  }

  private static String firstIncompatibility(
      SchemaCompatibility.SchemaPairCompatibility compatibility) {
    return compatibility.getResult().getIncompatibilities().stream()
        .findFirst()
        .map(one -> one.getType() + " at " + one.getLocation() + " (" + one.getMessage() + ")")
        .orElse("incompatible");
  }
}
