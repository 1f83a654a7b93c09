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
 * the keep interval stay, and version 0 does; versions that the evaluation job may not have
 * finished with stay longer than others. Not thread-safe.
 */
final class Retention {
  private static final int AWAITING_EVALUATION = 2;

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
    int older = Math.max(0, policies.size() - settings.recentPolicies());
    List<Published> gone = new ArrayList<>(policies.subList(0, older));
    gone.removeAll(forEvaluation());
    policies.removeAll(gone);
    List<String> needed = policies.stream().map(policy -> policy.reference().uri()).toList();
    return gone.stream()
        .filter(policy -> policy.reference().version() != 0)
        .filter(policy -> !settings.keepsStep(policy.reference().version()))
        .map(policy -> policy.reference().uri())
        .distinct()
        .filter(uri -> !needed.contains(uri))
        .toList();
  }

  /** The newest that the evaluation job was given: one that it may be at, one that waits. */
  private List<Published> forEvaluation() {
    List<Published> given =
        policies.stream().filter(p -> settings.evaluates(p.reference().version())).toList();
    return given.subList(Math.max(0, given.size() - AWAITING_EVALUATION), given.size());
  }
}
