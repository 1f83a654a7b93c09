package io.couplet.learner;

import io.couplet.learner.LearnerStore.Published;
import io.couplet.policy.BlobReference;
import java.util.List;

/**
 * All that a learner needs to go on, besides the trainer's state, which lies in the store.
 *
 * @param weightsSha256 of the trainer's weights at this point
 * @param policy current version
 * @param parentSha256 content address of the version before it, null for version 0
 * @param nonFiniteInARow updates skipped since the last one that was not
 * @param blobs trainer states that checkpoints refer to, oldest first; the last is this one's
 * @param published policies in the store, oldest first; the last is the current one
 */
public record LearnerCheckpoint(
    TapePosition position,
    String weightsSha256,
    Published policy,
    String parentSha256,
    int nonFiniteInARow,
    List<SavedState> blobs,
    List<Published> published) {
  public LearnerCheckpoint {
    blobs = List.copyOf(blobs);
    published = List.copyOf(published);
  }

  /** A trainer state and the checkpoint that refers to it. */
  public record SavedState(long checkpoint, long step, BlobReference state) {}

  /** The trainer state of this checkpoint. */
  public BlobReference trainerState() {
    return blobs.get(blobs.size() - 1).state();
  }
}
