package io.couplet.local.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.avro.generic.GenericRecord;

/** Records as JSON, field by field; unions without their tags. */
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
      return JSON.readTree(record.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "A " + record.getSchema().getName() + " has no JSON form: " + e.getOriginalMessage(), e);
    }
  }
}
