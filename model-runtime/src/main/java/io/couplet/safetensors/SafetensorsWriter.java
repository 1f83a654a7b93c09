package io.couplet.safetensors;

import io.couplet.files.JsonFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one safetensors file front to back: the header first, then the tensors in the order
 * announced, each in one or several parts. The same tensors give the same bytes. {@link #close()}
 * forces the file to disk. Not thread-safe.
 */
public final class SafetensorsWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final List<TensorSpec> tensors;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int index;
  private long elementsLeft;

  private SafetensorsWriter(FileChannel channel, List<TensorSpec> tensors) {
    this.channel = channel;
    this.tensors = tensors;
    this.elementsLeft = tensors.isEmpty() ? 0 : tensors.get(0).elements();
    skipCompleted();
  }

  /**
   * Creates the file, which must not exist, and writes its header.
   *
   * @param metadata free strings, written in the order of their keys
   * @param tensors in the order of writing; elements must come out aligned, so wider types first
   */
  public static SafetensorsWriter create(
      Path file, Map<String, String> metadata, List<TensorSpec> tensors) throws IOException {
    byte[] header = header(metadata, tensors);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try {
      ByteBuffer start =
          ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, start.putLong(header.length).put(header).flip());
      return new SafetensorsWriter(channel, List.copyOf(tensors));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static byte[] header(Map<String, String> metadata, List<TensorSpec> tensors) {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      root.put(SafetensorsHeader.METADATA_KEY, new TreeMap<>(metadata));
    }
    long offset = 0;
    for (TensorSpec tensor : tensors) {
      if (root.containsKey(tensor.name()) || tensor.name().equals(SafetensorsHeader.METADATA_KEY)) {
        throw new IllegalArgumentException("Tensor name " + tensor.name() + " is taken");
      }
      if (offset % tensor.type().bytes() != 0) {
        throw new IllegalArgumentException(
            "Tensor %s of dtype %s would start at byte %d, which is not aligned: write wider types first"
                .formatted(tensor.name(), tensor.type(), offset));
      }
      long end = offset + tensor.byteLength();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.type().name());
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", List.of(offset, end));
      root.put(tensor.name(), entry);
      offset = end;
    }
    byte[] json = JsonFile.toBytes(root);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /**
   * The next elements of the tensor in turn, converted from float32 to its element type. Tensors
   * without elements have no turn.
   */
  public void writeFloat32(String name, FloatBuffer values) throws IOException {
    TensorSpec tensor = turn(name, values.remaining());
    FloatBuffer source = values.duplicate();
    while (source.hasRemaining()) {
      buffer.clear();
      int count = Math.min(source.remaining(), buffer.capacity() / tensor.type().bytes());
      for (int i = 0; i < count; i++) {
        float value = source.get();
        switch (tensor.type()) {
          case F32 -> buffer.putFloat(value);
          case F16 -> buffer.putShort(HalfPrecision.floatToFloat16(value));
          case BF16 -> buffer.putShort(HalfPrecision.floatToBfloat16(value));
          default ->
              throw new IllegalArgumentException(
                  "Tensor " + name + " has dtype " + tensor.type() + " and takes no float32");
        }
      }
      writeFully(channel, buffer.flip());
    }
    advance(values.remaining());
  }

  /** A whole tensor, or its next part, converted from float32. */
  public void writeFloat32(String name, float[] values) throws IOException {
    writeFloat32(name, FloatBuffer.wrap(values));
  }

  /** The next bytes of the tensor in turn as they are: little-endian elements of its type. */
  public void writeRaw(String name, ByteBuffer bytes) throws IOException {
    int width = tensors.get(Math.min(index, tensors.size() - 1)).type().bytes();
    if (bytes.remaining() % width != 0) {
      throw new IllegalArgumentException(
          "Tensor " + name + " takes whole elements of " + width + " bytes");
    }
    int elements = bytes.remaining() / width;
    turn(name, elements);
    writeFully(channel, bytes.duplicate());
    advance(elements);
  }

  public void writeInt64(String name, long... values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    writeRaw(name, bytes);
  }

  private TensorSpec turn(String name, long elements) {
    if (index >= tensors.size()) {
      throw new IllegalStateException("Every tensor is written; there is no room for " + name);
    }
    TensorSpec tensor = tensors.get(index);
    if (!tensor.name().equals(name)) {
      throw new IllegalStateException("It is the turn of " + tensor.name() + ", not of " + name);
    }
    if (elements > elementsLeft) {
      throw new IllegalArgumentException(
          "Tensor %s of shape %s has %d elements left to write, not %d"
              .formatted(name, tensor.shape(), elementsLeft, elements));
    }
    return tensor;
  }

  private void advance(long elements) {
    elementsLeft -= elements;
    skipCompleted();
  }

  /** Moves on to the next tensor with elements to write. */
  private void skipCompleted() {
    while (elementsLeft == 0 && index < tensors.size()) {
      index++;
      elementsLeft = index < tensors.size() ? tensors.get(index).elements() : 0;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Forces the file to disk; {@link IllegalStateException} when tensors are missing. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (index < tensors.size()) {
        throw new IllegalStateException(
            "Tensor " + tensors.get(index).name() + " is not completely written");
      }
      channel.force(true);
    }
  }
}
