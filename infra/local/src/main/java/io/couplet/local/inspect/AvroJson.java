package io.couplet.local.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;

/**
 * Records as JSON, field by field; unions without their tags. JSON has no NaN and no infinity: they
 * become null.
 */
public final class AvroJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  private AvroJson() {}

  /** The record as a tree. */
  public static JsonNode of(GenericRecord record) {
    try {
      return finite(JSON.readTree(record.toString()), record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "A " + record.getSchema().getName() + " has no JSON form: " + e.getOriginalMessage(), e);
    }
  }

  /** Avro writes such a number as text, which only its value tells from a text. */
  private static JsonNode finite(JsonNode node, Object value) {
    if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue()) ? node : NullNode.getInstance();
    }
    if (value instanceof IndexedRecord record) {
      ObjectNode object = (ObjectNode) node;
      for (Schema.Field field : record.getSchema().getFields()) {
        object.set(field.name(), finite(object.get(field.name()), record.get(field.pos())));
      }
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode object = (ObjectNode) node;
      map.forEach(
          (key, each) -> object.set(key.toString(), finite(object.get(key.toString()), each)));
    } else if (value instanceof Collection<?> elements) {
      ArrayNode array = (ArrayNode) node;
      int i = 0;
      for (Object element : elements) {
        array.set(i, finite(array.get(i), element));
        i++;
      }
    }
    return node;
  }
}
