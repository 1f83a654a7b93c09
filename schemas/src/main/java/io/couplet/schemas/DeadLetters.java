package io.couplet.schemas;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Makes dead letters: a record that a stage could not use, with its bytes as they were. */
public final class DeadLetters {
  /** Room for everything beside the value in a dead letter. */
  private static final int OVERHEAD_BYTES = 256 << 10;

  private static final int MAX_REASON_CHARACTERS = 2_000;
  private static final String NOT_KEPT =
      ". The bytes are too many for a dead letter and stay where they are.";

  private DeadLetters() {}

  /**
   * @param stage the job that refuses the record
   * @param reason what was expected and what was found
   */
  public static DeadLetter of(
      RunTopics run, String stage, ConsumerRecord<byte[], byte[]> record, String reason) {
    Map<String, ByteBuffer> headers = new HashMap<>();
    int headerBytes = 0;
    for (Header header : record.headers()) {
      byte[] value = header.value() == null ? new byte[0] : header.value();
      headerBytes += header.key().length() * 4 + value.length;
      if (headerBytes < OVERHEAD_BYTES / 2) {
        headers.put(header.key(), ByteBuffer.wrap(value));
      }
    }
    return DeadLetter.newBuilder()
        .setRun(run.run())
        .setTopic(record.topic())
        .setPartition(record.partition())
        .setOffset(record.offset())
        .setKey(fits(record.key(), OVERHEAD_BYTES / 4) ? ByteBuffer.wrap(record.key()) : null)
        .setValue(fits(record.value(), maxValue()) ? ByteBuffer.wrap(record.value()) : null)
        .setHeaders(headers)
        .setStage(stage)
        .setReason(reason(record, reason))
        .setAttempt(RecordHeaders.attempt(record.headers()))
        .setCreatedMs(System.currentTimeMillis())
        .build();
  }

  /** Whether the record can be made again from its letter: not when its value was too large. */
  public static boolean isWhole(DeadLetter letter) {
    boolean emptied = letter.getValue() == null && letter.getKey() == null;
    return !emptied && !letter.getReason().endsWith(NOT_KEPT);
  }

  private static String reason(ConsumerRecord<byte[], byte[]> record, String reason) {
    String kept =
        reason.length() > MAX_REASON_CHARACTERS
            ? reason.substring(0, MAX_REASON_CHARACTERS) + "..."
            : reason;
    return record.value() == null || record.value().length <= maxValue() ? kept : kept + NOT_KEPT;
  }

  private static int maxValue() {
    return Topic.DEAD_LETTERS.maxBytes() - OVERHEAD_BYTES;
  }

  private static boolean fits(byte[] bytes, int limit) {
    return bytes != null && bytes.length <= limit;
  }
}
