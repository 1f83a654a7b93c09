package io.couplet.replay;

import io.couplet.files.FileTrees;
import io.couplet.files.Sha256;
import io.couplet.learner.LedgerRecords;
import io.couplet.learner.TapeBatch;
import io.couplet.learner.Trainer;
import io.couplet.learner.UpdateSummary;
import io.couplet.policy.PolicyStore;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds a state that was computed again against the ledger's record of it: the hash of the weights,
 * the content address of the policy, the hash of the trainer state where the record names one, and
 * every number that follows from the tape. Not thread-safe.
 */
final class StepCheck {
  /** Fields of a record that follow from the tape, in the order in which they are told. */
  private static final List<String> FIELDS =
      List.of(
          "outcome",
          "weights_sha256",
          "version_in",
          "version_out",
          "drops",
          "groups",
          "first_offset",
          "last_offset",
          "consumed_groups",
          "seed",
          "reason",
          "learning_rate",
          "loss",
          "kl",
          "kl_max",
          "clip_low_share",
          "clip_high_share",
          "ratio_max",
          "gradient_norm",
          "reward_mean",
          "zero_variance_share",
          "staleness_p50",
          "staleness_p95",
          "staleness_max",
          "rollouts",
          "tokens");

  private final Trainer trainer;
  private final long seed;
  private final Path scratch;

  /**
   * @param seed of the run
   * @param scratch local directory for files that are hashed; created on demand
   */
  StepCheck(Trainer trainer, long seed, Path scratch) {
    this.trainer = trainer;
    this.seed = seed;
    this.scratch = scratch;
  }

  /** What the ledger has and what was computed. */
  record Difference(String what, String recorded, String computed) {}

  /** The first difference of an update that was just computed. */
  Optional<Difference> update(TapeBatch batch, UpdateSummary summary, LedgerEntry recorded)
      throws IOException {
    String weights = trainer.weightsSha256();
    LedgerEntry computed = LedgerRecords.computed(batch, summary, weights, seed);
    if (!ids(recorded).equals(ids(computed))) {
      return Optional.of(
          new Difference("groups", ids(recorded).toString(), ids(computed).toString()));
    }
    for (String field : FIELDS) {
      Object left = value(recorded, field);
      Object right = value(computed, field);
      if (!Objects.equals(left, right)) {
        return Optional.of(
            new Difference(name(field), String.valueOf(left), String.valueOf(right)));
      }
    }
    return blobs(recorded);
  }

  /** The first difference of the trainer's present state, however it came to be. */
  Optional<Difference> state(LedgerEntry recorded) throws IOException {
    String weights = trainer.weightsSha256();
    return weights.equals(recorded.getWeightsSha256())
        ? blobs(recorded)
        : Optional.of(new Difference("weights", recorded.getWeightsSha256(), weights));
  }

  private Optional<Difference> blobs(LedgerEntry recorded) throws IOException {
    String policy = policySha256();
    if (!policy.equals(recorded.getPolicySha256())) {
      return Optional.of(new Difference("policy", recorded.getPolicySha256(), policy));
    }
    if (recorded.getTrainerStateSha256() != null) {
      String state = trainerStateSha256();
      if (!state.equals(recorded.getTrainerStateSha256())) {
        return Optional.of(
            new Difference("trainer state", recorded.getTrainerStateSha256(), state));
      }
    }
    return Optional.empty();
  }

  private String policySha256() throws IOException {
    Path directory = newDirectory();
    try {
      trainer.writePolicy(directory);
      return PolicyStore.describe(0, directory).sha256();
    } finally {
      FileTrees.delete(directory);
    }
  }

  private String trainerStateSha256() throws IOException {
    Path directory = newDirectory();
    try {
      Path file = directory.resolve("state");
      trainer.exportState(file);
      return Sha256.of(file);
    } finally {
      FileTrees.delete(directory);
    }
  }

  private Path newDirectory() throws IOException {
    Files.createDirectories(scratch);
    return Files.createTempDirectory(scratch, "check");
  }

  private static List<String> ids(LedgerEntry entry) {
    return entry.getGroups().stream().map(LedgerGroup::getGroup).toList();
  }

  private static Object value(LedgerEntry entry, String field) {
    return entry.get(entry.getSchema().getField(field).pos());
  }

  private static String name(String field) {
    return field.equals("weights_sha256") ? "weights" : field.replace('_', ' ');
  }
}
