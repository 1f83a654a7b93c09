package io.couplet.learner;

import io.couplet.learner.LearnerCheckpoint.SavedState;
import io.couplet.learner.LearnerStore.Published;
import io.couplet.policy.BlobReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Which trainer states and policies may go. Something is given up only when a checkpoint has
 * completed: before that, a restart could still need it. Steps and versions that are multiples of
 * the keep interval stay, and version 0 does. Not thread-safe.
 */
final class Retention {
  private final LearnerSettings settings;
  private final List<SavedState> blobs;
  private final List<Published> policies;
  private final Deque<Long> completed = new ArrayDeque<>();

  Retention(LearnerSettings settings) {
    this(settings, List.of(), List.of());
  }

  Retention(LearnerSettings settings, List<SavedState> blobs, List<Published> policies) {
    this.settings = settings;
    this.blobs = new ArrayList<>(blobs);
    this.policies = new ArrayList<>(policies);
  }

  /** What to delete. */
  record Collected(List<String> blobs, List<String> policies) {}

  void published(Published policy) {
    policies.removeIf(p -> p.reference().version() == policy.reference().version());
    policies.add(policy);
  }

  /** The state of a step that an earlier checkpoint saved. */
  Optional<BlobReference> stateOf(long step) {
    return blobs.stream().filter(b -> b.step() == step).map(SavedState::state).findFirst();
  }

  void saved(long checkpoint, long step, BlobReference state) {
    blobs.add(new SavedState(checkpoint, step, state));
  }

  List<SavedState> blobs() {
    return List.copyOf(blobs);
  }

  List<Published> policies() {
    return List.copyOf(policies);
  }

  Collected completed(long checkpoint) {
    completed.addLast(checkpoint);
    if (completed.size() <= settings.retainedCheckpoints()) {
      return new Collected(List.of(), List.of());
    }
    long oldest = completed.removeFirst();
    return new Collected(givenUpBlobs(oldest), givenUpPolicies());
  }

  private List<String> givenUpBlobs(long throughCheckpoint) {
    List<SavedState> gone =
        blobs.stream().filter(blob -> blob.checkpoint() <= throughCheckpoint).toList();
    blobs.removeAll(gone);
    List<String> needed = blobs.stream().map(blob -> blob.state().uri()).toList();
    return gone.stream()
        .filter(blob -> !settings.keepsStep(blob.step()))
        .map(blob -> blob.state().uri())
        .distinct()
        .filter(uri -> !needed.contains(uri))
        .toList();
  }

  private List<String> givenUpPolicies() {
    List<String> gone = new ArrayList<>();
    while (policies.size() > settings.recentPolicies()) {
      Published oldest = policies.remove(0);
      long version = oldest.reference().version();
      String uri = oldest.reference().uri();
      boolean kept = version == 0 || settings.keepsStep(version);
      if (!kept && policies.stream().noneMatch(p -> p.reference().uri().equals(uri))) {
        gone.add(uri);
      }
    }
    return gone;
  }
}
