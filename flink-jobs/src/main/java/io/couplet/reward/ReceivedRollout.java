package io.couplet.reward;

import io.couplet.schemas.Rollout;
import io.couplet.serde.Decoded;

/**
 * A rollout and where it stands in its topic, between the operators of the reward job.
 *
 * @param offset of the record, for a dead letter
 */
public record ReceivedRollout(Rollout rollout, String topic, int partition, long offset) {
  static ReceivedRollout of(Decoded.Value<Rollout> read) {
    Decoded.Origin origin = read.origin();
    return new ReceivedRollout(read.value(), origin.topic(), origin.partition(), origin.offset());
  }
}
