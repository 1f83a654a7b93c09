package io.couplet.local.inspect;

import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.DeadLetters;
import io.couplet.schemas.RecordHeaders;
import io.couplet.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A dead letter with its place in its topic.
 *
 * @param number offset in the dead-letters topic, which names it to people
 */
public record StoredLetter(long number, DeadLetter letter) {
  private static final int BYTES_SHOWN = 4096;
  private static final int BYTES_A_LINE = 16;

  /** Every dead letter of a run, oldest first. */
  public static List<StoredLetter> all(RunConnection run) {
    List<StoredLetter> letters = new ArrayList<>();
    try (TopicReader<DeadLetter> reader =
        new TopicReader<>(run.kafka(), run.topics(), Topic.DEAD_LETTERS)) {
      reader.readToEnd(
          received ->
              received
                  .value()
                  .ifPresent(
                      letter -> letters.add(new StoredLetter(received.raw().offset(), letter))));
    }
    return letters;
  }

  /** Where it was: topic, partition, offset. */
  private String place() {
    return letter.getTopic() + "/" + letter.getPartition() + "@" + letter.getOffset();
  }

  /** One line for a list. */
  public String line() {
    return number
        + "  "
        + place()
        + "  "
        + letter.getStage()
        + (letter.getAttempt() > 0 ? "  attempt " + letter.getAttempt() : "")
        + "  "
        + letter.getReason();
  }

  /** Everything about it, the bytes in hexadecimal and as text. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    lines.add("dead letter " + number);
    lines.add("  was at   " + place());
    lines.add(
        "  refused by " + letter.getStage() + " at " + Instant.ofEpochMilli(letter.getCreatedMs()));
    lines.add("  because  " + letter.getReason());
    lines.add("  attempt  " + letter.getAttempt());
    new TreeMap<>(letter.getHeaders())
        .forEach((key, value) -> lines.add("  header   " + key + " = " + text(bytes(value))));
    lines.add("  key      " + (letter.getKey() == null ? "(none)" : text(bytes(letter.getKey()))));
    if (letter.getValue() == null) {
      lines.add("  value    (not kept)");
      return lines;
    }
    byte[] value = bytes(letter.getValue());
    lines.add("  value    " + value.length + " bytes");
    for (int at = 0; at < Math.min(value.length, BYTES_SHOWN); at += BYTES_A_LINE) {
      int end = Math.min(value.length, at + BYTES_A_LINE);
      byte[] row = java.util.Arrays.copyOfRange(value, at, end);
      lines.add(
          String.format(
              "  %08x  %-48s %s", at, HexFormat.ofDelimiter(" ").formatHex(row), text(row)));
    }
    return lines;
  }

  /**
   * The record as it was, for its topic, with the next attempt number.
   *
   * @throws IllegalStateException when its bytes were too many to be kept
   */
  public ProducerRecord<byte[], byte[]> again() {
    if (!DeadLetters.isWhole(letter)) {
      throw new IllegalStateException(
          "The bytes of dead letter " + number + " were not kept; send the record anew.");
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            letter.getTopic(),
            letter.getKey() == null ? null : bytes(letter.getKey()),
            letter.getValue() == null ? null : bytes(letter.getValue()));
    letter.getHeaders().forEach((key, value) -> record.headers().add(key, bytes(value)));
    record.headers().remove(RecordHeaders.ATTEMPT);
    record
        .headers()
        .add(
            RecordHeaders.ATTEMPT,
            Integer.toString(letter.getAttempt() + 1).getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Printable ASCII as it is; a terminal must not obey what a stranger sent. */
  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte one : bytes) {
      text.append(one >= 0x20 && one < 0x7F ? (char) one : '.');
    }
    return text.toString();
  }
}
