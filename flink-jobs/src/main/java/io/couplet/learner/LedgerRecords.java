package io.couplet.learner;

import io.couplet.policy.BlobReference;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.UpdateOutcome;
import java.util.List;
import java.util.Map;

/** Makes the records of the ledger. */
public final class LedgerRecords {
  private final LearnerSettings settings;
  private final Map<String, String> environment;
  private final long fence;

  LedgerRecords(LearnerSettings settings, Map<String, String> environment, long fence) {
    this.settings = settings;
    this.environment = environment;
    this.fence = fence;
  }

  /** Entry 0: the policy that the run starts from. */
  LedgerEntry initial(String weights, LearnerStore.Published policy, BlobReference trainerState) {
    LedgerEntry entry = blank(0, UpdateOutcome.INITIAL, weights, policy);
    setTrainerState(entry, trainerState);
    return entry;
  }

  LedgerEntry update(
      TapeBatch batch,
      UpdateSummary summary,
      String weights,
      LearnerStore.Published policy,
      String parentSha256,
      Map<String, Double> seconds) {
    LedgerEntry entry = blank(batch.step(), outcome(summary), weights, policy);
    fill(entry, batch, summary);
    entry.setVersionOut(policy.reference().version());
    entry.setParentSha256(parentSha256);
    entry.setSeconds(seconds);
    return entry;
  }

  /**
   * What a record says that follows from the tape, the settings and the computation: the same when
   * the update is computed again. Addresses, times, fence and environment are left blank.
   */
  public static LedgerEntry computed(
      TapeBatch batch, UpdateSummary summary, String weights, long seed) {
    LedgerEntry entry = blank(batch.step(), outcome(summary), weights);
    fill(entry, batch, summary);
    entry.setVersionOut(batch.versionIn() + (summary.finite() ? 1 : 0));
    entry.setSeed(seed);
    return entry;
  }

  private static UpdateOutcome outcome(UpdateSummary summary) {
    return summary.finite() ? UpdateOutcome.UPDATED : UpdateOutcome.SKIPPED_NON_FINITE;
  }

  private static void fill(LedgerEntry entry, TapeBatch batch, UpdateSummary summary) {
    entry.setReason(summary.reason());
    entry.setVersionIn(batch.versionIn());
    entry.setGroups(batch.groups().stream().map(LedgerRecords::group).toList());
    entry.setDrops(
        batch.drops().stream()
            .map(drop -> new LedgerDrop(drop.group(), drop.offset(), drop.reason()))
            .toList());
    entry.setFirstOffset(batch.firstOffset());
    entry.setLastOffset(batch.lastOffset());
    entry.setConsumedGroups(batch.consumedGroups());
    entry.setLearningRate(summary.learningRate());
    entry.setLoss(summary.loss());
    entry.setKl(summary.kl());
    entry.setKlMax(summary.klMax());
    entry.setClipLowShare(summary.clipLowShare());
    entry.setClipHighShare(summary.clipHighShare());
    entry.setRatioMax(summary.ratioMax());
    entry.setGradientNorm(summary.gradientNorm());
    entry.setTokens(summary.tokens());
    entry.setRewardMean(rewardMean(batch.groups()));
    entry.setZeroVarianceShare(zeroVarianceShare(batch));
    long[] staleness = batch.staleness();
    entry.setStalenessP50(LearnerGauges.quantile(staleness, 0.5));
    entry.setStalenessP95(LearnerGauges.quantile(staleness, 0.95));
    entry.setStalenessMax((long) LearnerGauges.quantile(staleness, 1));
    entry.setRollouts(
        batch.groups().stream().mapToInt(group -> group.group().getMembers().size()).sum());
  }

  /** Why the run stops at a step. */
  LedgerEntry halted(long step, String reason, String weights, LearnerStore.Published policy) {
    LedgerEntry entry = blank(step, UpdateOutcome.HALTED, weights, policy);
    entry.setReason(reason);
    return entry;
  }

  static void setTrainerState(LedgerEntry entry, BlobReference state) {
    if (state != null) {
      entry.setTrainerStateUri(state.uri());
      entry.setTrainerStateSha256(state.sha256());
    }
  }

  /** The trainer state that an entry names; it must name one. */
  public static BlobReference trainerState(LedgerEntry entry) {
    return new BlobReference(entry.getTrainerStateUri(), entry.getTrainerStateSha256(), -1);
  }

  private LedgerEntry blank(
      long step, UpdateOutcome outcome, String weights, LearnerStore.Published policy) {
    LedgerEntry entry = blank(step, outcome, weights);
    entry.setRun(settings.run());
    entry.setVersionIn(policy.reference().version());
    entry.setVersionOut(policy.reference().version());
    entry.setPolicySha256(policy.reference().sha256());
    entry.setPolicyUri(policy.reference().uri());
    entry.setSeed(settings.seed());
    entry.setEnvironment(environment);
    entry.setParentRun(settings.parentRun());
    entry.setFence(fence);
    entry.setCreatedMs(System.currentTimeMillis());
    return entry;
  }

  private static LedgerEntry blank(long step, UpdateOutcome outcome, String weights) {
    return LedgerEntry.newBuilder()
        .setRun("")
        .setStep(step)
        .setOutcome(outcome)
        .setVersionIn(0)
        .setVersionOut(0)
        .setWeightsSha256(weights)
        .setPolicySha256("")
        .setPolicyUri("")
        .setGroups(List.of())
        .setDrops(List.of())
        .setFirstOffset(-1)
        .setLastOffset(-1)
        .setConsumedGroups(0)
        .setSeed(0)
        .setLearningRate(0)
        .setLoss(0)
        .setKl(0)
        .setKlMax(0)
        .setClipLowShare(0)
        .setClipHighShare(0)
        .setRatioMax(0)
        .setGradientNorm(0)
        .setRewardMean(0)
        .setZeroVarianceShare(0)
        .setStalenessP50(0)
        .setStalenessP95(0)
        .setStalenessMax(0)
        .setRollouts(0)
        .setTokens(0)
        .setSeconds(Map.of())
        .setEnvironment(Map.of())
        .setCreatedMs(0)
        .build();
  }

  private static LedgerGroup group(TapeGroup tape) {
    return new LedgerGroup(
        tape.group().getGroup(),
        tape.offset(),
        tape.group().getMinPolicyVersion(),
        rewardMean(List.of(tape)));
  }

  static double rewardMean(List<TapeGroup> groups) {
    return groups.stream()
        .flatMap(group -> group.group().getMembers().stream())
        .mapToDouble(GroupMember::getReward)
        .average()
        .orElse(0);
  }

  /** Of the groups that could have been used. */
  private static double zeroVarianceShare(TapeBatch batch) {
    long flat =
        batch.drops().stream().filter(drop -> drop.reason().equals("ZERO_VARIANCE")).count();
    return (double) flat / (flat + batch.groups().size());
  }
}
