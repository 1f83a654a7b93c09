package io.couplet.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import io.couplet.learner.state.CheckpointBlob;
import io.couplet.learner.state.LearnerState;
import io.couplet.learner.state.PublishedPolicy;
import io.couplet.learner.state.StateDrop;
import io.couplet.schemas.Group;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Topic;
import io.couplet.schemas.UndecodableRecordException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The learner's part of a checkpoint with damage: taken as it reads, or refused with a sentence.
 */
class LearnerStateFuzzTest {
  private static final int SINGLE_OBJECT_HEADER = 10;
  private static final long MOST_BYTES_PER_INPUT = 4 << 20;
  private static final String HASH = "ab".repeat(32);

  /** The state is no topic's record, but is encoded as if it were. */
  private static final Topic<LearnerState> STATES =
      new Topic<>(
          "learner-states",
          LearnerState.class,
          LearnerState::getRun,
          LearnerState::getRun,
          state -> 0,
          1,
          true,
          Topic.FOREVER,
          false,
          1 << 20);

  private static LearnerState state() {
    return LearnerState.newBuilder()
        .setRun("r")
        .setStep(5)
        .setVersion(4)
        .setWeightsSha256(HASH)
        .setParentSha256(HASH)
        .setNonFiniteInARow(1)
        .setConsumedGroups(13)
        .setNextOffset(15)
        .setFirstOffset(13)
        .setPendingOffsets(List.of(13L))
        .setDrops(List.of(new StateDrop("flat", 14L, "ZERO_VARIANCE")))
        .setRecentGroups(List.of("a", "b", "flat"))
        .setBlobs(List.of(new CheckpointBlob(2L, 5L, "file:///blobs/ab", HASH, 12L)))
        .setPublished(List.of(new PublishedPolicy(4L, "file:///policies/ab", HASH, 34L)))
        .build();
  }

  @Test
  void everyDamagedStateIsTakenOrRefused() throws Exception {
    RecordCodec<LearnerState> codec = RecordCodec.of(STATES);
    Group group = TinyTape.group("r", "pending", 0, 0.5f);
    Fuzzing.run(
        Fuzzing.inputs(20_000),
        new Damage("learner states", List.of(codec.encode(state())), SINGLE_OBJECT_HEADER),
        MOST_BYTES_PER_INPUT,
        input -> {
          LearnerCheckpoint checkpoint;
          try {
            LearnerState state = codec.decode(input);
            int pending = Math.min(2, state.getPendingOffsets().size());
            checkpoint = LearnerStateCodec.decode(state, Collections.nCopies(pending, group));
          } catch (UndecodableRecordException
              | IllegalStateException
              | IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            throw new Refusal(e);
          }
          assertThat(checkpoint.trainerState()).isNotNull();
          assertThat(codec.encode(LearnerStateCodec.encode("r", checkpoint))).isNotEmpty();
        });
  }
}
