package io.couplet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.couplet.streams.StoredStates.StoredState;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer.BytePrimitiveArraySerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.formats.avro.typeutils.AvroSerializer;
import org.apache.flink.formats.avro.typeutils.AvroSerializerSnapshot;
import org.apache.flink.formats.avro.utils.DataInputDecoder;
import org.junit.jupiter.api.Test;

/**
 * State changes its schema and old savepoints stay readable: every value in every savepoint that is
 * kept is read by the classes of today, and under schemas that have one more field in every record.
 */
class StateEvolutionTest {
  private static final Path KEPT = Path.of("src/test/resources/savepoints");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADDED = "added_later";
  private static final String DEFAULT = "as it was before";

  /** States of Couplet that hold records. */
  private static final List<String> OF_RECORDS =
      List.of(
          "learner/learner",
          "learner/pending",
          "assembly/progress",
          "assembly/rewards",
          "assembly/samples",
          "assembly/reward-sources",
          "admission/cursor",
          "admission/places",
          "admission/policy",
          "admission/problems",
          "stamp/policies");

  private static List<StoredState> all() throws Exception {
    List<StoredState> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(KEPT)) {
      for (Path metadata : files.filter(file -> file.endsWith("_metadata")).sorted().toList()) {
        all.addAll(StoredStates.of(metadata.getParent().toAbsolutePath()));
      }
    }
    return all;
  }

  @Test
  void everyRecordOfAnOldSavepointIsReadWithAFieldMoreInEachOfItsParts() throws Exception {
    Set<String> read = new TreeSet<>();
    for (StoredState state : all()) {
      if (state.writer() instanceof AvroSerializerSnapshot<?> kept) {
        Schema written = schemaOf(kept);
        Schema evolved = withOneMoreField(written);
        assertThat(compatibility(evolved, kept).isCompatibleAfterMigration())
            .as("Flink migrates %s", state.name())
            .isTrue();
        for (byte[] value : state.values()) {
          GenericRecord before = read(value, written, written);
          GenericRecord after = read(value, written, evolved);
          assertThat(after.get(ADDED)).hasToString(DEFAULT);
          for (Schema.Field field : written.getFields()) {
            assertThat(withoutTheAdded(after.get(field.name())))
                .as("%s of %s", field.name(), state.name())
                .isEqualTo(String.valueOf(before.get(field.name())));
          }
          read.add(state.name());
        }
      }
    }
    assertThat(read).containsAll(OF_RECORDS);
  }

  @Test
  void everyRecordOfAnOldSavepointIsReadByTheClassesOfToday() throws Exception {
    for (StoredState state : all()) {
      if (state.writer() instanceof AvroSerializerSnapshot<?> kept) {
        for (byte[] value : state.values()) {
          Object today = kept.restoreSerializer().deserialize(new DataInputDeserializer(value));
          assertThat(today).isInstanceOf(SpecificRecord.class);
          assertThat(compatibility(((SpecificRecord) today).getSchema(), kept).isIncompatible())
              .as(
                  "%s: its schema of today must be able to read what the kept savepoint holds."
                      + " Give new fields a default, and leave the old ones their types.",
                  state.name())
              .isFalse();
        }
      }
    }
  }

  /** A state of another type would need a plan of its own: docs/replay.md, Upgrade. */
  @Test
  void whatIsNoRecordIsANumberAFlagOrWhatFlinkItselfKeeps() throws Exception {
    Set<String> others = new TreeSet<>();
    for (StoredState state : all()) {
      boolean ofFlink = state.writer() instanceof BytePrimitiveArraySerializerSnapshot;
      if (!ofFlink && !(state.writer() instanceof AvroSerializerSnapshot<?>)) {
        others.add(state.name() + " " + state.writer().getClass().getSimpleName());
      }
    }
    assertThat(others)
        .containsExactlyInAnyOrder(
            "admission/idle-at LongSerializerSnapshot",
            "assembly/initial-through LongSerializerSnapshot",
            "assembly/open-groups LongSerializerSnapshot",
            "versions/last-version LongSerializerSnapshot",
            "each-rollout-once/seen TtlSerializerSnapshot",
            "evaluate/_async_wait_operator_state_ StreamElementSerializerSnapshot",
            "generate/_async_wait_operator_state_ StreamElementSerializerSnapshot",
            "judge/_async_wait_operator_state_ StreamElementSerializerSnapshot");
  }

  private static <T> TypeSerializerSchemaCompatibility<?> compatibility(
      Schema today, TypeSerializerSnapshot<T> kept) {
    @SuppressWarnings("unchecked")
    TypeSerializerSnapshot<T> now =
        (TypeSerializerSnapshot<T>)
            new AvroSerializer<>(GenericRecord.class, today).snapshotConfiguration();
    return now.resolveSchemaCompatibility(kept);
  }

  /** The schema that the values were written with; Flink does not show it. */
  private static Schema schemaOf(AvroSerializerSnapshot<?> kept) throws Exception {
    Field schema = AvroSerializerSnapshot.class.getDeclaredField("schema");
    schema.setAccessible(true);
    return (Schema) schema.get(kept);
  }

  private static GenericRecord read(byte[] value, Schema written, Schema reader) throws Exception {
    DataInputDecoder decoder = new DataInputDecoder();
    decoder.setIn(new DataInputDeserializer(value));
    return new GenericDatumReader<GenericRecord>(written, reader).read(null, decoder);
  }

  private static Schema withOneMoreField(Schema schema) throws Exception {
    JsonNode tree = JSON.readTree(schema.toString());
    addField(tree);
    return new Schema.Parser().parse(tree.toString());
  }

  private static void addField(JsonNode node) {
    for (JsonNode child : node) {
      addField(child);
    }
    if (node.path("fields") instanceof ArrayNode fields) {
      fields.addObject().put("name", ADDED).put("type", "string").put("default", DEFAULT);
    }
  }

  private static String withoutTheAdded(Object value) {
    return String.valueOf(value).replace(", \"" + ADDED + "\": \"" + DEFAULT + "\"", "");
  }
}
