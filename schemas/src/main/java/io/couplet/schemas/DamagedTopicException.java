package io.couplet.schemas;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;

/** The broker's files of a topic are damaged: a record does not have the checksum it was given. */
public final class DamagedTopicException extends KafkaException {
  private static final long serialVersionUID = 1L;

  private DamagedTopicException(String where, Throwable cause) {
    super(
        where
            + " is damaged: a record there does not have its checksum. Nothing of it was used."
            + " Restore the broker's files from a copy.",
        cause);
  }

  /**
   * What a consumer threw, in words when it is about a checksum.
   *
   * @param where names the topic, and the offset as far as it is known
   */
  public static KafkaException explain(KafkaException thrown, String where) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptRecordException
          || cause instanceof InvalidRecordException
          || isInvalidBatch(cause)) {
        return new DamagedTopicException(where, thrown);
      }
    }
    return thrown;
  }

  /** The consumer tells of a checksum that differs in words alone. */
  private static boolean isInvalidBatch(Throwable cause) {
    return cause.getClass() == KafkaException.class
        && cause.getMessage() != null
        && cause.getMessage().contains(" is invalid, cause: ");
  }
}
