package io.couplet.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.couplet.files.InvalidFileException;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files: no crash, no hang, no allocation beyond a bound, always a sentence. */
class SafetensorsFuzzTest {
  private static final int HEADERS = Integer.getInteger("fuzz.inputs", 97_000);
  private static final int FILES = Integer.getInteger("fuzz.inputs", 3_000);
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;
  private static final int DATA_BYTES = 44;
  private static final String HEADER =
      """
      {"__metadata__":{"format":"pt"},\
      "w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
      "h":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},\
      "n":{"dtype":"I64","shape":[1],"data_offsets":[32,40]},\
      "k":{"dtype":"U8","shape":[4],"data_offsets":[40,44]}}""";

  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "9223372036854775807",
          "99999999999999999999",
          "1e400",
          "null",
          "[]",
          "{}",
          "\"F64\"",
          "\"BF16\"",
          "[[[[[[",
          "\"\\u0000\"",
          "24",
          "[0,24]",
          "4294967296");

  @TempDir Path directory;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void mutatedHeadersAreReadOrRefusedWithASentence() {
    RandomStream random = RandomStream.named(2, "safetensors fuzz");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Path file = Path.of("weights.safetensors");
    warmUp(random);
    int refused = 0;
    for (int i = 0; i < HEADERS; i++) {
      byte[] header = mutated(HEADER.getBytes(StandardCharsets.UTF_8), random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        SafetensorsHeader parsed = SafetensorsHeader.parse(file, header, DATA_BYTES);
        long covered =
            parsed.tensors().values().stream()
                .mapToLong(region -> region.spec().byteLength())
                .sum();
        assertThat(covered).isEqualTo(DATA_BYTES);
      } catch (InvalidFileException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("weights.safetensors: ");
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .isLessThan(MOST_BYTES_PER_INPUT);
    }
    assertThat(refused).isBetween(HEADERS / 2, HEADERS - HEADERS / 100);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void mutatedFilesAreReadOrRefusedWithASentence() throws IOException {
    RandomStream random = RandomStream.named(3, "safetensors fuzz");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] original = RawSafetensors.bytes(HEADER, DATA_BYTES);
    Path file = directory.resolve("weights.safetensors");
    warmUp(random);
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      Files.write(file, mutated(original.clone(), random));
      long before = threads.getCurrentThreadAllocatedBytes();
      try (SafetensorsFile read = SafetensorsFile.open(file)) {
        for (String name : read.names()) {
          TensorSpec spec = read.spec(name);
          if (spec.type().isFloating()) {
            assertThat(read.readFloat32(name)).hasSize((int) spec.elements());
          } else {
            assertThat(read.map(name).remaining()).isEqualTo((int) spec.byteLength());
          }
        }
      } catch (InvalidFileException e) {
        refused++;
        assertThat(e.getMessage()).startsWith(file + ": ");
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .isLessThan(MOST_BYTES_PER_INPUT);
    }
    assertThat(refused).isBetween(FILES / 10, FILES - FILES / 100);
  }

  /** Loads the classes of parsing and refusing, so that they do not count as allocation. */
  private void warmUp(RandomStream random) {
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] input = mutated(RawSafetensors.bytes(HEADER, DATA_BYTES), random);
      try (SafetensorsFile read =
          SafetensorsFile.open(Files.write(directory.resolve("warm-up"), input))) {
        read.names().forEach(read::spec);
      } catch (InvalidFileException | IOException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static byte[] mutated(byte[] bytes, RandomStream random) {
    byte[] result = bytes;
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(result.length);
      switch (random.nextInt(6)) {
        case 0 -> result = Arrays.copyOf(result, at + 1);
        case 1 -> result = insert(result, at, VALUES.get(random.nextInt(VALUES.size())));
        case 2 -> result[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> result[at] = (byte) ('0' + random.nextInt(10));
        default -> result[at] = (byte) random.nextInt(256);
      }
    }
    return result;
  }

  private static byte[] insert(byte[] bytes, int at, String text) {
    String before = new String(bytes, 0, at, StandardCharsets.ISO_8859_1);
    String after = new String(bytes, at, bytes.length - at, StandardCharsets.ISO_8859_1);
    return (before + text + after).getBytes(StandardCharsets.ISO_8859_1);
  }
}
