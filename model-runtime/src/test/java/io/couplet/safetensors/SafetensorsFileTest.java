package io.couplet.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.files.InvalidFileException;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {
  private static final List<TensorSpec> MIXED =
      List.of(
          TensorSpec.of("steps", ElementType.I64, 2),
          TensorSpec.of("weights", ElementType.F32, 2, 3),
          TensorSpec.of("scalar", ElementType.F32),
          TensorSpec.of("halves", ElementType.BF16, 3),
          TensorSpec.of("nothing", ElementType.F16, 0, 4),
          TensorSpec.of("key", ElementType.U8, 5));

  @TempDir Path directory;

  @Test
  void everyTensorReadsBackWithItsTypeAndShape() throws IOException {
    Path file = writeMixed("mixed.safetensors");
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names())
          .containsExactlyElementsOf(MIXED.stream().map(TensorSpec::name).toList());
      MIXED.forEach(tensor -> assertThat(read.spec(tensor.name())).isEqualTo(tensor));
      assertThat(read.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("b", "2", "a", "é\""));
      assertThat(read.readInt64("steps")).containsExactly(-1, Long.MAX_VALUE);
      assertThat(read.readFloat32("weights")).containsExactly(1, 2, 3, -4, 5.5f, -0.0f);
      assertThat(read.readFloat32("scalar")).containsExactly(9);
      assertThat(read.readFloat32("halves")).containsExactly(1, -2, 0.5f);
      assertThat(read.readFloat32("nothing")).isEmpty();
      assertThat(read.readBytes("key")).containsExactly(1, 2, 3, 4, 5);
    }
  }

  private Path writeMixed(String name) throws IOException {
    Path file = directory.resolve(name);
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, Map.of("b", "2", "a", "é\""), MIXED)) {
      writer.writeInt64("steps", -1, Long.MAX_VALUE);
      writer.writeFloat32("weights", new float[] {1, 2});
      writer.writeFloat32("weights", new float[] {3, -4, 5.5f, -0.0f});
      writer.writeFloat32("scalar", new float[] {9});
      writer.writeFloat32("halves", new float[] {1, -2, 0.5f});
      writer.writeRaw("key", ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
    }
    return file;
  }

  @Test
  void equalTensorsGiveEqualBytes() throws IOException {
    assertThat(writeMixed("one")).hasSameBinaryContentAs(writeMixed("two"));
  }

  @Test
  void theHeaderIsWhatTheFormatSays() throws IOException {
    byte[] bytes = Files.readAllBytes(writeMixed("mixed"));
    int length = (bytes[0] & 0xFF) + 256 * bytes[1];
    assertThat(length % 8).isZero();
    assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8).stripTrailing())
        .startsWith("{\"__metadata__\":{\"a\":\"é\\\"\",\"b\":\"2\"},")
        .contains("\"weights\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[16,40]}")
        .endsWith("\"key\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[50,55]}}");
    assertThat(bytes).hasSize(8 + length + 55);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F32", "BF16", "F16"})
  void anyWindowOfATensorReadsAsTheWhole(ElementType type) throws IOException {
    Path file = directory.resolve("weights");
    RandomStream random = RandomStream.named(1, "weights");
    float[] values = new float[100_003];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file, Map.of(), List.of(TensorSpec.of("w", type, values.length)))) {
      writer.writeFloat32("w", values);
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      float[] whole = read.readFloat32("w");
      float[] part = new float[1000];
      for (int first = 0; first + part.length <= whole.length; first += 7919) {
        read.readFloat32("w", first, FloatBuffer.wrap(part));
        assertThat(part).isEqualTo(Arrays.copyOfRange(whole, first, first + part.length));
      }
      assertThatThrownBy(() -> read.readFloat32("w", 99_500, FloatBuffer.wrap(part)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}} ; 8 ; tensor a has dtype F64; supported are",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} ; 4 ; tensor a lies at bytes 0 to 8, but the data ends at byte 4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} ; 8 ; has 8 bytes of data, but its tensors end at byte 4",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} ; 8 ; shape [3] has 12 bytes, but its offsets span 8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} ; 8 ; tensor b starts at byte 4 and tensor a ends at byte 8",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} ; 8 ; tensor a starts at byte 4 and the header ends at byte 0",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} ; 4 ; holds the negative number -1",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,4]}} ; 4 ; impossible shape",
        "{'a':{'dtype':'F32','shape':[1]}} ; 4 ; needs the header keys dtype, shape and data_offsets",
        "{'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1],'data_offsets':[0,4]}} ; 4 ; more than 8 numbers",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}} ; 4 ; unknown header key 'x'",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} ; 8 ; Duplicate field 'a'",
        "{'a':[1]} ; 4 ; header key 'a' must be an object, found a list",
        "[] ; 0 ; the header must be an object, found a list",
        "{'__metadata__':{'k':1}} ; 0 ; metadata 'k' must be a string, found an integer",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}} ; 4 ; must be an integer, found a fraction",
        "{} x ; 0 ; not well-formed JSON",
        "{} {} ; 0 ; text after the header",
      })
  void aWrongHeaderIsRefusedWithASentence(String header, int dataBytes, String sentence)
      throws IOException {
    Path file =
        RawSafetensors.write(directory.resolve("wrong"), header.replace('\'', '"'), dataBytes);
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(sentence);
  }

  @Test
  void aHeaderBeyondTheFileIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("short"), new byte[] {-1, 0, 0, 0, 0, 0, 0, 0, '{'});
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("a header of 255 bytes, but only 1 bytes follow");
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{'});
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .hasMessageContaining("a header of 18446744073709551615 bytes");
    Files.write(file, new byte[3]);
    assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .hasMessageContaining("has 3 bytes");
  }

  @Test
  void readingAnotherTypeOrNameIsRefused() throws IOException {
    try (SafetensorsFile read = SafetensorsFile.open(writeMixed("mixed"))) {
      assertThatThrownBy(() -> read.readFloat32("steps"))
          .hasMessageContaining("steps has dtype I64 where floating point is expected");
      assertThatThrownBy(() -> read.readInt64("weights"))
          .hasMessageContaining("weights must have dtype I64, found F32");
      assertThatThrownBy(() -> read.readFloat32("absent")).hasMessageContaining("no tensor absent");
    }
  }

  @Test
  void anUnfinishedFileIsAnError() {
    assertThatThrownBy(
            () -> {
              try (SafetensorsWriter writer =
                  SafetensorsWriter.create(directory.resolve("partial"), Map.of(), MIXED)) {
                writer.writeInt64("steps", 1, 2);
                writer.writeFloat32("weights", new float[] {1});
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("weights is not completely written");
  }

  @Test
  void tensorsAreWrittenInTurnAndInTheirSize() throws IOException {
    SafetensorsWriter writer = SafetensorsWriter.create(directory.resolve("turn"), Map.of(), MIXED);
    assertThatThrownBy(() -> writer.writeFloat32("weights", new float[1]))
        .hasMessageContaining("turn of steps");
    assertThatThrownBy(() -> writer.writeInt64("steps", 1, 2, 3))
        .hasMessageContaining("has 2 elements left to write, not 3");
    assertThatThrownBy(writer::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMisalignedLayoutIsRefused() {
    List<TensorSpec> tensors =
        List.of(TensorSpec.of("a", ElementType.U8, 3), TensorSpec.of("b", ElementType.F32, 1));
    assertThatThrownBy(
            () -> SafetensorsWriter.create(directory.resolve("m"), Map.of(), tensors).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wider types first");
  }
}
