package io.couplet.safetensors;

import io.couplet.files.InvalidFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;

/**
 * An open safetensors file of any size. Tensors are read through memory maps of at most {@value
 * #WINDOW_BYTES} bytes, never through a copy of the file. Thread-safe.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Longest header that is read: room for more than 100,000 tensors. */
  static final long MAX_HEADER_BYTES = 16L << 20;

  private static final long WINDOW_BYTES = 64L << 20;
  private static final int LENGTH_BYTES = Long.BYTES;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /** Opens the file and checks its header; {@link InvalidFileException} when it is wrong. */
  public static SafetensorsFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new InvalidFileException(
          path, "expected a safetensors file, but there is no such file");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      long size = channel.size();
      long headerBytes = headerLength(path, channel, size);
      long dataStart = LENGTH_BYTES + headerBytes;
      ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
      readFully(path, channel, json, LENGTH_BYTES);
      SafetensorsHeader header = SafetensorsHeader.parse(path, json.array(), size - dataStart);
      return new SafetensorsFile(path, channel, header, dataStart);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static long headerLength(Path path, FileChannel channel, long size) throws IOException {
    if (size < LENGTH_BYTES) {
      throw new InvalidFileException(
          path, "has " + size + " bytes; a safetensors file starts with 8 bytes of header length");
    }
    ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(path, channel, prefix, 0);
    long length = prefix.getLong(0);
    if (length < 0 || length > size - LENGTH_BYTES) {
      throw new InvalidFileException(
          path,
          "announces a header of %s bytes, but only %d bytes follow: it is truncated or no safetensors file"
              .formatted(Long.toUnsignedString(length), size - LENGTH_BYTES));
    }
    if (length > MAX_HEADER_BYTES) {
      throw new InvalidFileException(
          path,
          "announces a header of %d bytes; at most %d are read"
              .formatted(length, MAX_HEADER_BYTES));
    }
    return length;
  }

  private static void readFully(Path path, FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, position + into.position()) < 0) {
        throw new InvalidFileException(path, "ended while it was read: another program changed it");
      }
    }
  }

  public Path path() {
    return path;
  }

  /** Free strings from the writer. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** Names in the order of their bytes in the file. */
  public Iterable<String> names() {
    return header.tensors().keySet();
  }

  public boolean contains(String name) {
    return header.tensors().containsKey(name);
  }

  /** {@link InvalidFileException} when the file has no tensor of that name. */
  public TensorSpec spec(String name) {
    return region(name).spec();
  }

  /**
   * A read-only little-endian map of bytes of a tensor as they are in the file. Valid as long as
   * the buffer is reachable, also after {@link #close()}.
   *
   * @param from first byte within the tensor
   * @param length at most 2^31 - 1
   */
  public ByteBuffer map(String name, long from, int length) throws IOException {
    SafetensorsHeader.Region region = region(name);
    Objects.checkFromIndexSize(from, length, region.end() - region.begin());
    return channel
        .map(MapMode.READ_ONLY, dataStart + region.begin() + from, length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All bytes of a tensor of less than 2 GB, as {@link #map(String, long, int)}. */
  public ByteBuffer map(String name) throws IOException {
    return map(name, 0, whole(name, spec(name).byteLength()));
  }

  /** A floating-point tensor of less than 2^31 - 1 elements, converted to float32. */
  public float[] readFloat32(String name) throws IOException {
    float[] values = new float[whole(name, spec(name).elements())];
    readFloat32(name, 0, FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Fills the buffer with elements of a floating-point tensor in row-major order, converted to
   * float32, from element {@code first} on; for tensors too long for one array.
   */
  public void readFloat32(String name, long first, FloatBuffer into) throws IOException {
    TensorSpec spec = spec(name);
    if (!spec.type().isFloating()) {
      throw new InvalidFileException(
          path,
          "tensor " + name + " has dtype " + spec.type() + " where floating point is expected");
    }
    Objects.checkFromIndexSize(first, into.remaining(), spec.elements());
    int bytes = spec.type().bytes();
    long element = first;
    while (into.hasRemaining()) {
      int count = (int) Math.min(into.remaining(), WINDOW_BYTES / bytes);
      convert(map(name, element * bytes, count * bytes), spec.type(), into);
      element += count;
    }
  }

  private static void convert(ByteBuffer from, ElementType type, FloatBuffer into) {
    switch (type) {
      case F32 -> into.put(from.asFloatBuffer());
      case BF16 -> {
        ShortBuffer halves = from.asShortBuffer();
        while (halves.hasRemaining()) {
          into.put(HalfPrecision.bfloat16ToFloat(halves.get()));
        }
      }
      case F16 -> {
        ShortBuffer halves = from.asShortBuffer();
        while (halves.hasRemaining()) {
          into.put(HalfPrecision.float16ToFloat(halves.get()));
        }
      }
      default -> throw new IllegalArgumentException(type + " does not convert to float32");
    }
  }

  /** An I64 tensor. */
  public long[] readInt64(String name) throws IOException {
    long[] values = new long[whole(name, typed(name, ElementType.I64).elements())];
    map(name).asLongBuffer().get(values);
    return values;
  }

  /** An I32 tensor. */
  public int[] readInt32(String name) throws IOException {
    int[] values = new int[whole(name, typed(name, ElementType.I32).elements())];
    map(name).asIntBuffer().get(values);
    return values;
  }

  /** A U8 tensor. */
  public byte[] readBytes(String name) throws IOException {
    byte[] values = new byte[whole(name, typed(name, ElementType.U8).elements())];
    map(name).get(values);
    return values;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private TensorSpec typed(String name, ElementType expected) {
    TensorSpec spec = spec(name);
    if (spec.type() != expected) {
      throw new InvalidFileException(
          path, "tensor %s must have dtype %s, found %s".formatted(name, expected, spec.type()));
    }
    return spec;
  }

  private SafetensorsHeader.Region region(String name) {
    SafetensorsHeader.Region region = header.tensors().get(name);
    if (region == null) {
      throw new InvalidFileException(path, "has no tensor " + name);
    }
    return region;
  }

  private static int whole(String name, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Tensor " + name + " has " + length + " units, too many for one array: read it in parts");
    }
    return (int) length;
  }
}
