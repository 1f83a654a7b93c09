package io.couplet.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.config.OnTimeout;
import io.couplet.config.PromptStyle;
import io.couplet.config.RewardsSection;
import io.couplet.sandbox.CaseOutcome;
import io.couplet.sandbox.CaseResult;
import io.couplet.sandbox.Verdict;
import io.couplet.schemas.Completion;
import io.couplet.schemas.Problem;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CodeRewardsTest {
  private static final String BLOCK = "Sure:\n```python\ndef f():\n    pass\n```\n";
  private static final CaseResult PASSED = new CaseResult(CaseOutcome.PASSED, 1, null);
  private static final CaseResult FAILED = new CaseResult(CaseOutcome.FAILED, 1, "AssertionError");

  private static Problem question() {
    return Problem.newBuilder().setId("p").setQuestion("Write f.").setTests(List.of("f()")).build();
  }

  private static Rollout rollout(String text) {
    return Rollouts.completed("p@0", 2, question(), text);
  }

  private static Map<String, Reward> judged(String text, boolean binary, Verdict verdict) {
    CodeRewards rewards =
        new CodeRewards(new RewardsSection(1, 0.5, binary, OnTimeout.CASE, 100, 1_000, 1_000));
    Rollout rollout = rollout(text);
    String completion = ((Completion) rollout.getOutcome()).getText();
    return rewards
        .of(
            rollout,
            ProgramOfCompletion.of(rollout.getProblem(), completion, PromptStyle.CHAT),
            verdict,
            3)
        .stream()
        .collect(Collectors.toMap(Reward::getSource, Function.identity()));
  }

  @Test
  void theTestsRewardIsTheShareOfPassedCases() {
    var rewards =
        judged(BLOCK, false, new Verdict.Failed(List.of(PASSED, FAILED), true, "one failed"));
    Reward tests = rewards.get("tests");
    assertThat(tests.getValue()).isEqualTo(0.5);
    assertThat(tests.getCases()).hasSize(2);
    assertThat(tests.getPolicyVersion()).isEqualTo(4);
    assertThat(tests.getGroup()).isEqualTo("p@0");
    assertThat(tests.getMember()).isEqualTo(2);
    assertThat(rewards.get("format").getValue()).isEqualTo(1.0);
  }

  @Test
  void binaryRewardsAllOrNothing() {
    assertThat(
            judged(BLOCK, true, new Verdict.Failed(List.of(PASSED, FAILED), true, "one failed"))
                .get("tests")
                .getValue())
        .isZero();
    assertThat(judged(BLOCK, true, new Verdict.Passed(List.of(PASSED))).get("tests").getValue())
        .isEqualTo(1.0);
  }

  @Test
  void aFailureOfOursIsNeverANumber() {
    var rewards = judged(BLOCK, false, new Verdict.Infrastructure("the worker died"));
    for (Reward reward : rewards.values()) {
      assertThat(reward.getValue()).as(reward.getSource()).isNull();
      assertThat(reward.getReason()).contains("the worker died");
    }
  }

  @Test
  void testsThatCannotBeJudgedTeachNothingAboutTheProgram() {
    Reward tests =
        judged(BLOCK, false, new Verdict.Invalid("test 1 does not parse", false)).get("tests");
    assertThat(tests.getValue()).isNull();
    assertThat(tests.getReason()).contains("INVALID_TESTS");
  }

  @Test
  void aProgramThatIsNoTextScoresZero() {
    var rewards = judged(BLOCK, false, new Verdict.Invalid("NUL byte", true));
    assertThat(rewards.get("tests").getValue()).isZero();
    assertThat(rewards.get("format").getValue()).isEqualTo(0.5);
  }

  @Test
  void aCompletionWithoutABlockIsNotRunUnderAChatStyle() {
    var program = ProgramOfCompletion.of(question(), "def f(): pass", PromptStyle.CHAT);
    assertThat(program.program()).isEmpty();
    CodeRewards rewards =
        new CodeRewards(new RewardsSection(1, 0.5, false, OnTimeout.CASE, 100, 1_000, 1_000));
    assertThat(rewards.ofMalformed(rollout("def f(): pass")))
        .extracting(Reward::getValue)
        .containsExactly(0.0, 0.0);
  }

  @Test
  void aContinuationRunsWithItsPromptAndARawAnswerAsItStands() {
    Problem continued =
        Problem.newBuilder(question()).setQuestion(null).setPrompt("def f():\n").build();
    assertThat(ProgramOfCompletion.of(continued, "    return 1", PromptStyle.CHAT).program())
        .contains("def f():\n    return 1");
    assertThat(ProgramOfCompletion.of(question(), "def f(): pass", PromptStyle.RAW).program())
        .contains("def f(): pass");
    assertThat(ProgramOfCompletion.of(question(), BLOCK, PromptStyle.RAW).program())
        .hasValueSatisfying(code -> assertThat(code).isEqualTo("def f():\n    pass\n"));
  }

  @Test
  void aSourceWithoutWeightIsLeftOut() {
    CodeRewards rewards =
        new CodeRewards(new RewardsSection(1, 0, false, OnTimeout.CASE, 100, 1_000, 1_000));
    assertThat(rewards.ofMalformed(rollout("x"))).hasSize(1);
  }

  @Test
  void evidenceFitsItsTopicWhateverAProgramPrints() {
    String flood = "\u4e16".repeat(1 << 20);
    CaseResult loud = new CaseResult(CaseOutcome.FAILED, 1, flood);
    Reward tests =
        judged(BLOCK, false, new Verdict.Failed(Collections.nCopies(5_000, loud), true, flood))
            .get("tests");
    assertThat(RecordCodec.of(Topic.rewards("tests")).encode(tests)).hasSizeLessThan(1 << 20);
    assertThat(tests.getValue()).isZero();
  }
}
