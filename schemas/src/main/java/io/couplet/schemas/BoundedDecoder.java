package io.couplet.schemas;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Avro binary decoding of bytes from strangers: every length and every count is held against the
 * bytes that are left before anything is allocated, so a few bytes can never ask for gigabytes.
 * Avro's own decoder allocates first. Counts assume that an item takes at least one byte, which
 * {@link WriterSchemas} makes sure of.
 */
final class BoundedDecoder extends Decoder {
  private static final char REPLACEMENT = '\uFFFD';

  private final ByteBuffer bytes;

  BoundedDecoder(byte[] source, int from) {
    bytes = ByteBuffer.wrap(source, from, source.length - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return bytes.remaining();
  }

  private int available(long wanted, String what) throws IOException {
    if (wanted < 0) {
      throw new AvroRuntimeException("found a negative length " + wanted + " of " + what);
    }
    if (wanted > bytes.remaining()) {
      throw new EOFException(
          "expected " + what + " of " + wanted + " bytes, " + bytes.remaining() + " are left");
    }
    return (int) wanted;
  }

  private long varint(int maxBytes) throws IOException {
    long value = 0;
    for (int i = 0; i < maxBytes; i++) {
      available(1, "a number");
      byte next = bytes.get();
      value |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new AvroRuntimeException("found a number of more than " + maxBytes + " bytes");
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    available(1, "a boolean");
    byte value = bytes.get();
    if (value != 0 && value != 1) {
      throw new AvroRuntimeException("found the boolean " + value);
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = varint(5);
    if (value != (int) value) {
      throw new AvroRuntimeException("found the number " + value + " in place of an int");
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    return varint(10);
  }

  @Override
  public float readFloat() throws IOException {
    available(Float.BYTES, "a float");
    return bytes.getFloat();
  }

  @Override
  public double readDouble() throws IOException {
    available(Double.BYTES, "a double");
    return bytes.getDouble();
  }

  private byte[] take(String what) throws IOException {
    byte[] taken = new byte[available(varint(10), what)];
    bytes.get(taken);
    return taken;
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    byte[] taken = take("a string");
    text(taken);
    return new Utf8(taken);
  }

  @Override
  public String readString() throws IOException {
    return text(take("a string"));
  }

  /**
   * Strict: with replacement characters in place of what is no text, a record would not be written
   * again as it was, and could grow to three times its size.
   */
  private static String text(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
      } catch (CharacterCodingException e) {
        throw new AvroRuntimeException("found a string that is not UTF-8", e);
      }
    }
    return text;
  }

  @Override
  public void skipString() throws IOException {
    skip(available(varint(10), "a string"));
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(take("bytes"));
  }

  @Override
  public void skipBytes() throws IOException {
    skip(available(varint(10), "bytes"));
  }

  @Override
  public void readFixed(byte[] target, int start, int length) throws IOException {
    available(length, "fixed bytes");
    bytes.get(target, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    skip(available(length, "fixed bytes"));
  }

  private void skip(int length) {
    bytes.position(bytes.position() + length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  /** Items of the next block; a negative count is followed by the block's size in bytes. */
  private long block() throws IOException {
    long count = varint(10);
    if (count < 0) {
      available(varint(10), "a block");
      count = -count;
    }
    return available(count, "items");
  }

  @Override
  public long readArrayStart() throws IOException {
    return block();
  }

  @Override
  public long arrayNext() throws IOException {
    return block();
  }

  /** Leaves the items to the caller, one block at a time. */
  @Override
  public long skipArray() throws IOException {
    return block();
  }

  @Override
  public long readMapStart() throws IOException {
    return block();
  }

  @Override
  public long mapNext() throws IOException {
    return block();
  }

  @Override
  public long skipMap() throws IOException {
    return block();
  }
}
