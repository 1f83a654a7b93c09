package io.couplet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.schemas.GoldenVersions.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records of every version that ever was are readable by every other: full and transitive. */
class SchemaEvolutionTest {
  static Stream<Golden> goldens() throws IOException {
    return GoldenVersions.all().stream();
  }

  @Test
  void everyRecordTypeHasAGoldenVersionAndTheNewestIsTheOneInUse() throws IOException {
    var newest = GoldenVersions.newest();
    for (Examples.Example<?> example : Examples.all()) {
      assertThat(newest)
          .as("run GoldenVersions.main with the next version to record a new schema")
          .containsKey(example.name());
      assertThat(CompiledSchemas.fingerprint(newest.get(example.name()).schema()))
          .as(
              "%s differs from its newest golden version: run GoldenVersions.main with the next"
                  + " version (v2, ...); do not edit a version that topics already hold",
              example.name())
          .isEqualTo(CompiledSchemas.fingerprint(example.value().getSchema()));
    }
  }

  @Test
  void everyCompiledSchemaHasAnExample() {
    assertThat(Examples.all().stream().map(example -> example.value().getSchema()))
        .containsExactlyInAnyOrderElementsOf(CompiledSchemas.all());
  }

  @Test
  void everyVersionReadsEveryOtherVersion() throws IOException {
    List<Golden> all = GoldenVersions.all();
    for (Golden reader : all) {
      for (Golden writer : all) {
        if (reader.type().equals(writer.type())) {
          assertThat(
                  SchemaCompatibility.checkReaderWriterCompatibility(
                          reader.schema(), writer.schema())
                      .getType())
              .as("%s reads %s", reader, writer)
              .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void examplesWrittenByEarlierVersionsKeepTheirValues(Golden golden) throws Exception {
    SpecificRecordBase now = decodeNow(golden);
    Object then = readAs(golden.schema(), golden.schema(), body(golden.example()));
    Object backThen = readAs(now.getSchema(), golden.schema(), write(now));
    assertThat(backThen).isEqualTo(then);
  }

  private static SpecificRecordBase decodeNow(Golden golden) throws Exception {
    SchemaStore store =
        fingerprint ->
            fingerprint == CompiledSchemas.fingerprint(golden.schema())
                ? Optional.of(golden.schema())
                : Optional.empty();
    Examples.Example<?> example =
        Examples.all().stream()
            .filter(one -> one.name().equals(golden.type()))
            .findFirst()
            .orElseThrow();
    return new RecordCodec<>(example.topic(), store).decode(golden.example());
  }

  private static Object readAs(Schema writer, Schema reader, byte[] body) throws IOException {
    return new GenericDatumReader<>(writer, reader, new GenericData())
        .read(null, DecoderFactory.get().binaryDecoder(body, null));
  }

  private static byte[] write(SpecificRecordBase value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<SpecificRecordBase>(value.getSchema()).write(value, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] body(byte[] encoded) {
    return java.util.Arrays.copyOfRange(encoded, RecordCodec.HEADER_BYTES, encoded.length);
  }
}
