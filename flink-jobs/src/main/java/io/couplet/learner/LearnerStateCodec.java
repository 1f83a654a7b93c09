package io.couplet.learner;

import io.couplet.learner.LearnerCheckpoint.SavedState;
import io.couplet.learner.LearnerStore.Published;
import io.couplet.learner.state.CheckpointBlob;
import io.couplet.learner.state.LearnerState;
import io.couplet.learner.state.PublishedPolicy;
import io.couplet.learner.state.StateDrop;
import io.couplet.policy.BlobReference;
import io.couplet.policy.PolicyReference;
import io.couplet.schemas.Group;
import java.util.ArrayList;
import java.util.List;

/** A checkpoint of the learner as the records that Flink stores. */
final class LearnerStateCodec {
  private LearnerStateCodec() {}

  static LearnerState encode(String run, LearnerCheckpoint checkpoint) {
    TapePosition position = checkpoint.position();
    return LearnerState.newBuilder()
        .setRun(run)
        .setStep(position.step())
        .setVersion(position.version())
        .setWeightsSha256(checkpoint.weightsSha256())
        .setParentSha256(checkpoint.parentSha256())
        .setNonFiniteInARow(checkpoint.nonFiniteInARow())
        .setConsumedGroups(position.consumedGroups())
        .setNextOffset(position.nextOffset())
        .setFirstOffset(position.firstOffset())
        .setPendingOffsets(position.pending().stream().map(TapeGroup::offset).toList())
        .setDrops(
            position.drops().stream()
                .map(drop -> new StateDrop(drop.group(), drop.offset(), drop.reason()))
                .toList())
        .setRecentGroups(position.recentGroups())
        .setBlobs(checkpoint.blobs().stream().map(LearnerStateCodec::blob).toList())
        .setPublished(checkpoint.published().stream().map(LearnerStateCodec::policy).toList())
        .build();
  }

  private static CheckpointBlob blob(SavedState saved) {
    BlobReference state = saved.state();
    return new CheckpointBlob(
        saved.checkpoint(), saved.step(), state.uri(), state.sha256(), state.size());
  }

  private static PublishedPolicy policy(Published policy) {
    PolicyReference reference = policy.reference();
    return new PublishedPolicy(
        reference.version(), reference.uri(), reference.sha256(), policy.sizeBytes());
  }

  /**
   * @param pending the pending groups, in the order of their offsets
   */
  static LearnerCheckpoint decode(LearnerState state, List<Group> pending) {
    if (pending.size() != state.getPendingOffsets().size()
        || state.getPublished().isEmpty()
        || state.getBlobs().isEmpty()) {
      throw new IllegalStateException(
          "The learner's state of run "
              + state.getRun()
              + " is not whole: expected "
              + state.getPendingOffsets().size()
              + " pending groups, a policy and a trainer state, found "
              + pending.size()
              + ", "
              + state.getPublished().size()
              + " and "
              + state.getBlobs().size()
              + ". Start from an older checkpoint.");
    }
    List<TapeGroup> groups = new ArrayList<>();
    for (int i = 0; i < pending.size(); i++) {
      groups.add(new TapeGroup(state.getPendingOffsets().get(i), pending.get(i)));
    }
    List<Published> published =
        state.getPublished().stream()
            .map(
                p ->
                    new Published(
                        new PolicyReference(p.getVersion(), p.getUri(), p.getSha256()),
                        p.getSizeBytes()))
            .toList();
    return new LearnerCheckpoint(
        new TapePosition(
            state.getStep(),
            state.getVersion(),
            state.getConsumedGroups(),
            state.getNextOffset(),
            state.getFirstOffset(),
            groups,
            state.getDrops().stream()
                .map(drop -> new TapeDrop(drop.getGroup(), drop.getOffset(), drop.getReason()))
                .toList(),
            state.getRecentGroups()),
        state.getWeightsSha256(),
        published.get(published.size() - 1),
        state.getParentSha256(),
        state.getNonFiniteInARow(),
        state.getBlobs().stream()
            .map(
                b ->
                    new SavedState(
                        b.getCheckpoint(),
                        b.getStep(),
                        new BlobReference(b.getUri(), b.getSha256(), b.getSizeBytes())))
            .toList(),
        published);
  }
}
