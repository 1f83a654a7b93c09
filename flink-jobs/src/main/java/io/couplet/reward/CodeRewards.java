package io.couplet.reward;

import io.couplet.config.RewardsSection;
import io.couplet.sandbox.CaseResult;
import io.couplet.sandbox.Verdict;
import io.couplet.sandbox.Verdict.Infrastructure;
import io.couplet.sandbox.Verdict.Invalid;
import io.couplet.schemas.Reward;
import io.couplet.schemas.RewardCase;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rewards of the built-in sources for one rollout (algorithms, section 6). A failure of ours is
 * never a number: the reward then has no value and says why.
 */
final class CodeRewards {
  static final String TESTS = "tests";
  static final String FORMAT = "format";

  /** A rate above this passes under {@code rewards.binary}. */
  private static final double BINARY_PASS = 0.99;

  // Evidence is for people and must fit its topic whatever a program prints.
  private static final int MAX_CASES = 1_000;
  private static final int MAX_DETAIL_CHARACTERS = 200;
  private static final int MAX_EVIDENCE_CHARACTERS = 4_000;

  private final RewardsSection settings;

  CodeRewards(RewardsSection settings) {
    this.settings = settings;
  }

  /** Rewards of a completion whose form left nothing to run: it solves nothing. */
  List<Reward> ofMalformed(Rollout rollout) {
    List<Reward> rewards = new ArrayList<>();
    if (settings.testsWeight() != 0) {
      rewards.add(
          reward(rollout, TESTS)
              .setValue(0.0)
              .setEvidence("The completion is not one well-formed block of code; nothing was run")
              .build());
    }
    if (settings.formatWeight() != 0) {
      rewards.add(reward(rollout, FORMAT).setValue(0.0).build());
    }
    return rewards;
  }

  /**
   * Rewards of a completion that was judged.
   *
   * @param durationMs from the first submission to the verdict
   */
  List<Reward> of(
      Rollout rollout, ProgramOfCompletion program, Verdict verdict, double durationMs) {
    List<Reward> rewards = new ArrayList<>();
    if (settings.testsWeight() != 0) {
      rewards.add(tests(rollout, verdict, durationMs));
    }
    if (settings.formatWeight() != 0) {
      rewards.add(format(rollout, program, verdict, durationMs));
    }
    return rewards;
  }

  private Reward tests(Rollout rollout, Verdict verdict, double durationMs) {
    Reward.Builder reward =
        reward(rollout, TESTS)
            .setCases(verdict.cases().stream().limit(MAX_CASES).map(CodeRewards::caseOf).toList())
            .setDurationMs(durationMs);
    if (verdict instanceof Infrastructure failure) {
      return reward.setReason("INFRASTRUCTURE: " + evidence(failure.why())).build();
    }
    if (verdict instanceof Invalid invalid) {
      return invalid.programAtFault()
          ? reward.setValue(0.0).setEvidence(evidence(invalid.why())).build()
          : reward.setReason("INVALID_TESTS: " + evidence(invalid.why())).build();
    }
    double rate = verdict.passRate().orElseThrow();
    double value = settings.binary() ? (rate > BINARY_PASS ? 1.0 : 0.0) : rate;
    return reward
        .setValue(value)
        .setEvidence(verdict.reason().map(CodeRewards::evidence).orElse(null))
        .build();
  }

  private static Reward format(
      Rollout rollout, ProgramOfCompletion program, Verdict verdict, double durationMs) {
    Reward.Builder reward = reward(rollout, FORMAT).setDurationMs(durationMs);
    if (!program.fenced().wellFormed()) {
      return reward.setValue(0.0).build();
    }
    Optional<Boolean> parses = verdict.programParses();
    return parses.isPresent()
        ? reward.setValue(program.fenced().formatReward(parses.get())).build()
        : reward
            .setReason(
                verdict.outcomeName() + ": " + evidence(verdict.reason().orElse("not judged")))
            .build();
  }

  private static Reward.Builder reward(Rollout rollout, String source) {
    return Reward.newBuilder()
        .setGroup(rollout.getGroup())
        .setMember(rollout.getMember())
        .setSource(source)
        .setPolicyVersion(rollout.getPolicyVersion());
  }

  private static RewardCase caseOf(CaseResult result) {
    String detail = result.detail();
    return new RewardCase(
        result.outcome().name(),
        result.ms(),
        detail == null ? null : cut(detail, MAX_DETAIL_CHARACTERS));
  }

  private static String evidence(String text) {
    return cut(text, MAX_EVIDENCE_CHARACTERS);
  }

  private static String cut(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters) + "...";
  }
}
