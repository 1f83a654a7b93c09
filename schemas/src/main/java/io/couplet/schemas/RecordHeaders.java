package io.couplet.schemas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Headers of every record that Couplet writes. They serve people and tools; no stage depends on
 * them, so a third party may leave them out.
 */
public final class RecordHeaders {
  /** Name of the run. */
  public static final String RUN = "run";

  /** Fingerprint of the writer's schema, 16 hex digits. */
  public static final String SCHEMA = "schema";

  /** How often the record had been tried before, in decimal. */
  public static final String ATTEMPT = "attempt";

  /** W3C trace context. All records about one subject (a group, a problem) share a trace id. */
  public static final String TRACE_PARENT = "traceparent";

  private RecordHeaders() {}

  /** Adds all four. */
  public static void add(
      Headers headers, String run, long fingerprint, int attempt, String traceParent) {
    put(headers, RUN, run);
    put(headers, SCHEMA, CompiledSchemas.hex(fingerprint));
    put(headers, ATTEMPT, Integer.toString(attempt));
    put(headers, TRACE_PARENT, traceParent);
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The trace of a subject, from names alone: run and subject give the trace id, the entity beside
   * them the span id.
   */
  public static String traceParent(String run, String subject, String entity) {
    String trace = digest(run + "\n" + subject).substring(0, 32);
    String span = digest(run + "\n" + subject + "\n" + entity).substring(0, 16);
    return "00-" + trace + "-" + span + "-01";
  }

  /** The attempt a record states; 0 when it states none or nonsense. */
  public static int attempt(Headers headers) {
    Header header = headers.lastHeader(ATTEMPT);
    if (header == null || header.value() == null) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(new String(header.value(), StandardCharsets.UTF_8)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
