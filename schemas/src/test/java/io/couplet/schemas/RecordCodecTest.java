package io.couplet.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.couplet.schemas.UndecodableRecordException.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
  static Stream<Examples.Example<?>> examples() {
    return Examples.all().stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aRecordComesBackEqual(Examples.Example<?> example) throws Exception {
    assertThat(RecordCodec.of(example.topic()).decode(example.encoded()))
        .isEqualTo(example.value());
  }

  @ParameterizedTest
  @MethodSource("examples")
  <T extends SpecificRecordBase> void avrosOwnDecoderReadsTheSameRecord(Examples.Example<T> example)
      throws Exception {
    var decoder =
        new BinaryMessageDecoder<T>(
            SpecificData.getForClass(example.topic().type()), example.value().getSchema());
    assertThat(decoder.decode(example.encoded())).isEqualTo(example.value());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyTruncationIsATypedFault(Examples.Example<?> example) {
    byte[] whole = example.encoded();
    for (int length = 0; length < whole.length; length++) {
      Fault fault = faultOf(example.topic(), Arrays.copyOf(whole, length));
      assertThat(fault).isIn(Fault.EMPTY, Fault.TRUNCATED);
    }
  }

  @Test
  void theHeaderIsTheMarkerAndTheLittleEndianFingerprint() {
    RecordCodec<Reward> codec = RecordCodec.of(Topic.rewards("tests"));
    byte[] encoded = codec.encode(Examples.reward());
    assertThat(HexFormat.of().formatHex(encoded, 0, 2)).isEqualTo("c301");
    assertThat(ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
        .isEqualTo(codec.fingerprint());
  }

  @Test
  void bytesAfterTheRecordAreAFault() {
    byte[] whole = RecordCodec.of(Topic.PROBLEMS).encode(Examples.problem());
    assertThat(faultOf(Topic.PROBLEMS, Arrays.copyOf(whole, whole.length + 1)))
        .isEqualTo(Fault.TRAILING_BYTES);
  }

  @Test
  void textIsNotARecord() {
    assertThat(faultOf(Topic.PROBLEMS, new byte[] {'{', '}'})).isEqualTo(Fault.NOT_SINGLE_OBJECT);
    assertThat(faultOf(Topic.PROBLEMS, null)).isEqualTo(Fault.EMPTY);
  }

  @Test
  void aRecordLargerThanItsTopicTakesIsAFaultAndIsNotWritten() {
    assertThat(faultOf(Topic.PROBLEMS, new byte[20 << 20])).isEqualTo(Fault.TOO_LARGE);
    Problem huge = Problem.newBuilder(Examples.problem()).setQuestion("x".repeat(2 << 20)).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCodec.of(Topic.PROBLEMS).encode(huge))
        .withMessageContaining("takes at most 1048576");
  }

  @Test
  void aSchemaThatNobodyPublishedIsNamedInTheFault() {
    byte[] encoded = RecordCodec.of(Topic.PROBLEMS).encode(Examples.problem());
    encoded[2] ^= 1;
    var failure =
        catchThrowableOfType(
            UndecodableRecordException.class, () -> RecordCodec.of(Topic.PROBLEMS).decode(encoded));
    assertThat(failure.fault()).isEqualTo(Fault.UNKNOWN_SCHEMA);
    assertThat(failure).hasMessageContaining("nobody has published");
  }

  @Test
  void aRecordOfAnotherTypeIsIncompatible() {
    byte[] problem = RecordCodec.of(Topic.PROBLEMS).encode(Examples.problem());
    assertThat(faultOf(Topic.rewards("tests"), problem)).isEqualTo(Fault.INCOMPATIBLE_SCHEMA);
  }

  @Test
  void aFewBytesThatPromiseGigabytesAreRefusedBeforeAnythingIsAllocated() throws Exception {
    long promised = Integer.MAX_VALUE - 64L;
    byte[] text = bomb(Problem.getClassSchema(), encoder -> encoder.writeLong(promised));
    assertThat(faultOf(Topic.PROBLEMS, text)).isEqualTo(Fault.TRUNCATED);
    byte[] items =
        bomb(
            Problem.getClassSchema(),
            encoder -> {
              encoder.writeString("id");
              encoder.writeIndex(0);
              encoder.writeIndex(0);
              encoder.writeIndex(0);
              encoder.writeLong(promised);
            });
    assertThat(faultOf(Topic.PROBLEMS, items)).isEqualTo(Fault.TRUNCATED);
  }

  @Test
  void schemasOfStrangersThatCouldHangADecoderAreRefused() throws Exception {
    Schema nothings =
        SchemaBuilder.record("Reward")
            .namespace("io.couplet.schemas")
            .fields()
            .requiredString("group")
            .requiredInt("member")
            .requiredString("source")
            .name("bomb")
            .type()
            .array()
            .items()
            .nullType()
            .noDefault()
            .endRecord();
    assertThat(faultOf(Topic.rewards("x"), bomb(nothings, encoder -> {}), nothings))
        .isEqualTo(Fault.INCOMPATIBLE_SCHEMA);
    Schema recursive =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Reward", "namespace": "io.couplet.schemas", "fields": [
                  {"name": "group", "type": "string"}, {"name": "member", "type": "int"},
                  {"name": "source", "type": "string"},
                  {"name": "next", "type": ["null", "Reward"]}]}
                """);
    assertThat(faultOf(Topic.rewards("x"), bomb(recursive, encoder -> {}), recursive))
        .isEqualTo(Fault.INCOMPATIBLE_SCHEMA);
  }

  @Test
  void anOutsidersNarrowSchemaIsReadOnceItIsKnown() throws Exception {
    Schema narrow =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Reward", "namespace": "org.elsewhere", "fields": [
                  {"name": "group", "type": "string"}, {"name": "member", "type": "int"},
                  {"name": "source", "type": "string"}, {"name": "value", "type": "double"},
                  {"name": "comment", "type": "string"}]}
                """);
    byte[] encoded =
        bomb(
            narrow,
            encoder -> {
              encoder.writeString("p@0");
              encoder.writeInt(1);
              encoder.writeString("lint");
              encoder.writeDouble(0.75);
              encoder.writeString("fine");
            });
    Reward reward =
        new RecordCodec<>(Topic.rewards("lint"), fingerprint -> Optional.of(narrow))
            .decode(encoded);
    assertThat(reward.getValue()).isEqualTo(0.75);
    assertThat(reward.getGroup()).isEqualTo("p@0");
    assertThat(reward.getCases()).isEmpty();
  }

  /** A job writes some of what it reads again: to the dead letters, or into a record of its own. */
  @Test
  void whatIsShortInAnotherSchemaAndTooLongInOursIsAFault() throws Exception {
    Schema terse =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Reward", "namespace": "org.elsewhere", "fields": [
                  {"name": "group", "type": "string"}, {"name": "member", "type": "int"},
                  {"name": "source", "type": "string"}, {"name": "value", "type": "double"},
                  {"name": "cases", "type": {"type": "array", "items":
                    {"type": "record", "name": "RewardCase", "namespace": "io.couplet.schemas",
                     "fields": [
                      {"name": "outcome", "type": "string"}, {"name": "ms", "type": "int"}]}}}]}
                """);
    byte[] encoded =
        bomb(
            terse,
            encoder -> {
              encoder.writeString("p@0");
              encoder.writeInt(1);
              encoder.writeString("lint");
              encoder.writeDouble(0.75);
              encoder.writeLong(200_000);
              for (int i = 0; i < 200_000; i++) {
                encoder.writeString("ok");
                encoder.writeInt(1);
              }
              encoder.writeLong(0);
            });
    assertThat(encoded.length).isLessThan(Topic.rewards("lint").maxBytes());
    assertThat(faultOf(Topic.rewards("lint"), encoded, terse)).isEqualTo(Fault.TOO_LARGE);
  }

  @Test
  void aStringThatIsNotUtf8IsAFault() {
    Problem problem = Problem.newBuilder(Examples.problem()).setQuestion("ab\uFFFDcd").build();
    byte[] encoded = RecordCodec.of(Topic.PROBLEMS).encode(problem);
    int at = 0;
    while (encoded[at] != (byte) 0xEF || encoded[at + 1] != (byte) 0xBF) {
      at++;
    }
    encoded[at + 2] = 'x';
    assertThat(faultOf(Topic.PROBLEMS, encoded)).isEqualTo(Fault.MALFORMED);
  }

  @Test
  void aReplacementCharacterThatWasWrittenIsReadAsOne() throws Exception {
    Problem problem = Problem.newBuilder(Examples.problem()).setQuestion("ab\uFFFDcd").build();
    assertThat(
            RecordCodec.of(Topic.PROBLEMS).decode(RecordCodec.of(Topic.PROBLEMS).encode(problem)))
        .isEqualTo(problem);
  }

  interface Body {
    void write(BinaryEncoder encoder) throws Exception;
  }

  private static byte[] bomb(Schema schema, Body body) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 1)
            .putLong(CompiledSchemas.fingerprint(schema))
            .array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    body.write(encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static Fault faultOf(Topic<?> topic, byte[] bytes) {
    return catchThrowableOfType(
            UndecodableRecordException.class, () -> RecordCodec.of(topic).decode(bytes))
        .fault();
  }

  private static Fault faultOf(Topic<?> topic, byte[] bytes, Schema published) {
    return catchThrowableOfType(
            UndecodableRecordException.class,
            () -> new RecordCodec<>(topic, any -> Optional.of(published)).decode(bytes))
        .fault();
  }
}
