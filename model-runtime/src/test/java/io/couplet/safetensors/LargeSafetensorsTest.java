package io.couplet.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and tensors beyond 2 GB and 4 GB; sparse, so they take almost no disk. */
class LargeSafetensorsTest {
  private static final long ROWS = 3L << 20;
  private static final long COLUMNS = 1024;

  @TempDir Path directory;

  @Test
  void aTensorOfSixGigabytesReadsAtAnyRowWithoutACopy() throws IOException {
    long bytes = ROWS * COLUMNS * 2;
    String header =
        """
        {"big":{"dtype":"BF16","shape":[%d,%d],"data_offsets":[0,%d]},\
        "last":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}}"""
            .formatted(ROWS, COLUMNS, bytes, bytes, bytes + 4);
    Path file = directory.resolve("large.safetensors");
    long dataStart = 8L + header.length();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(
          littleEndian(8 + header.length())
              .putLong(header.length())
              .put(header.getBytes(StandardCharsets.UTF_8))
              .flip());
      // Row r starts with r mod 251, exact in bfloat16.
      for (long row = 0; row < ROWS; row += 100_003) {
        short value = HalfPrecision.floatToBfloat16((float) (row % 251));
        channel.write(littleEndian(2).putShort(value).flip(), dataStart + row * COLUMNS * 2);
      }
      channel.write(littleEndian(4).putFloat(7.25f).flip(), dataStart + bytes);
    }
    assumeThat(Files.size(file)).as("file system with files over 4 GB").isGreaterThan(4L << 30);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      float[] firstColumns = new float[4];
      for (long row = 0; row < ROWS; row += 100_003) {
        read.readFloat32("big", row * COLUMNS, FloatBuffer.wrap(firstColumns));
        assertThat(firstColumns).containsExactly((float) (row % 251), 0, 0, 0);
      }
      assertThat(read.readFloat32("last")).containsExactly(7.25f);
      assertThatThrownBy(() -> read.readFloat32("big"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("read it in parts");
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L << 20);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
