package io.couplet.schemas;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** One filled-in record of every type, the same in every run. */
final class Examples {
  private static final String HASH = "ab".repeat(32);

  private Examples() {}

  /** A topic with a record for it. */
  record Example<T extends SpecificRecordBase>(Topic<T> topic, T value) {
    String name() {
      return topic.type().getSimpleName();
    }

    byte[] encoded() {
      return RecordCodec.of(topic).encode(value);
    }
  }

  static List<Example<?>> all() {
    return List.of(
        new Example<>(Topic.PROBLEMS, problem()),
        new Example<>(Topic.ROLLOUTS, rollout(completion())),
        new Example<>(Topic.rewards("tests"), reward()),
        new Example<>(
            Topic.REWARD_SOURCES, new RewardSource("lint", 0.25, false, 5_000L, 0.0, 1.0)),
        new Example<>(Topic.GROUPS, group()),
        new Example<>(Topic.POLICIES, policy()),
        new Example<>(Topic.LEDGER, ledgerEntry()),
        new Example<>(Topic.EVALS, evaluation()),
        new Example<>(Topic.DEAD_LETTERS, deadLetter()));
  }

  static Problem problem() {
    return Problem.newBuilder()
        .setId("mbpp/601")
        .setQuestion("Write a function that adds two numbers.\n\u00e9\u4e16")
        .setSystem("You are terse.")
        .setTests(List.of("assert add(1, 2) == 3", "assert add(-1, 1) == 0"))
        .setEntryPoint("add")
        .setTimeoutMs(1_500)
        .setTags(List.of("mbpp", "easy"))
        .build();
  }

  static Rollout rollout(Object outcome) {
    return Rollout.newBuilder()
        .setRun("demo")
        .setGroup("mbpp/601@2")
        .setSequence(1_234_567L)
        .setEpoch(2)
        .setMember(3)
        .setGroupSize(8)
        .setProblem(problem())
        .setPolicyVersion(17L)
        .setPolicySha256(HASH)
        .setWorker("127.0.0.1:7070")
        .setAttempt(1)
        .setOutcome(outcome)
        .build();
  }

  static Completion completion() {
    return Completion.newBuilder()
        .setPromptText("Write a function")
        .setText("def add(a, b):\n    return a + b")
        .setPromptIds(List.of(1, 2, 151_643))
        .setCompletionIds(List.of(7, 8, 9, 0))
        .setStepMap(List.of(2, 0, 1, -1))
        .setConfidences(List.of(0.25f, 0.5f, -1.5f, 0f))
        .setBehaviourScores(
            List.of(List.of(-1f, -2f, -3f, 0f), List.of(-0.5f, -1e-7f, Float.MIN_VALUE, 0f)))
        .setStopReason(StopReason.STOP_TOKEN)
        .setSeed("1/rollout/mbpp/601@2/3")
        .setDecoding(new Decoding("entropy", "dream", 4, 4, 1.0f, 0.95f, 0, 0f))
        .setTimings(new GenerationTimings(1.5, 20.25, 3.0, 4, 1_700_000_000_000L))
        .build();
  }

  static Reward reward() {
    return Reward.newBuilder()
        .setGroup("mbpp/601@2")
        .setMember(3)
        .setSource("tests")
        .setValue(0.5)
        .setPolicyVersion(17L)
        .setCases(
            List.of(
                new RewardCase("PASSED", 1.25, null),
                new RewardCase("FAILED", 0.5, "AssertionError")))
        .setEvidence("{}")
        .setDurationMs(2.5)
        .build();
  }

  private static Group group() {
    GroupMember member =
        GroupMember.newBuilder()
            .setMember(0)
            .setPolicyVersion(17L)
            .setPolicySha256(HASH)
            .setPromptIds(List.of(1, 2))
            .setCompletionIds(List.of(7, 8))
            .setBehaviourScores(List.of(List.of(-1f, -2f)))
            .setRewards(
                List.of(
                    new SourceReward("tests", 1.0, null),
                    new SourceReward("lint", null, "source was late")))
            .setReward(1.0)
            .setAdvantage(0.5f)
            .build();
    return Group.newBuilder()
        .setRun("demo")
        .setGroup("mbpp/601@2")
        .setSequence(1_234_567L)
        .setEpoch(2)
        .setProblemId("mbpp/601")
        .setStatus(GroupStatus.COMPLETE)
        .setSources(List.of(new GroupSource("tests", 1.0, true)))
        .setMembers(List.of(member))
        .setMinPolicyVersion(17L)
        .setMaxPolicyVersion(17L)
        .setOpenedMs(1_700_000_000_000L)
        .setClosedMs(1_700_000_001_000L)
        .build();
  }

  private static Policy policy() {
    return Policy.newBuilder()
        .setRun("demo")
        .setVersion(17L)
        .setStep(17L)
        .setUri("file:///policies/17")
        .setSha256(HASH)
        .setSizeBytes(1L << 33)
        .setConsumedGroups(272L)
        .setFence(3L)
        .setCreatedMs(1_700_000_000_000L)
        .build();
  }

  private static LedgerEntry ledgerEntry() {
    LedgerEntry.Builder entry = LedgerEntry.newBuilder();
    entry.setRun("demo").setStep(17L).setOutcome(UpdateOutcome.UPDATED);
    entry.setVersionIn(16L).setVersionOut(17L).setParentSha256(HASH);
    entry.setWeightsSha256(HASH).setPolicySha256(HASH).setPolicyUri("file:///policies/17");
    entry.setGroups(List.of(new LedgerGroup("mbpp/601@2", 40L, 16L, 0.5)));
    entry.setDrops(List.of(new LedgerDrop("mbpp/602@2", 41L, "ZERO_VARIANCE")));
    entry.setFirstOffset(40L).setLastOffset(41L).setConsumedGroups(272L).setSeed(1L);
    entry.setLearningRate(1e-4).setLoss(-0.01).setKl(0.002).setKlMax(0.1);
    entry.setClipLowShare(0.01).setClipHighShare(0.02).setRatioMax(1.5).setGradientNorm(0.2);
    entry.setRewardMean(0.5).setZeroVarianceShare(0.25);
    entry.setStalenessP50(1.0).setStalenessP95(1.0).setStalenessMax(1L);
    entry.setRollouts(128).setTokens(4_096L).setSeconds(Map.of("learning", 1.5));
    entry.setEnvironment(Map.of("threads", "1")).setCreatedMs(1_700_000_000_000L);
    return entry.build();
  }

  private static Evaluation evaluation() {
    return Evaluation.newBuilder()
        .setRun("demo")
        .setVersion(17L)
        .setStep(17L)
        .setPolicySha256(HASH)
        .setSamples(4)
        .setTemperature(0.2f)
        .setPassAt(Map.of("1", 0.75))
        .setArNess(Map.of("local@1 asc", 0.5))
        .setProblems(List.of(new EvaluatedProblem("mbpp/601", 4, 3)))
        .setSeconds(2.0)
        .setCreatedMs(1_700_000_000_000L)
        .build();
  }

  static DeadLetter deadLetter() {
    return DeadLetter.newBuilder()
        .setRun("demo")
        .setTopic("couplet.demo.rewards.lint")
        .setPartition(2)
        .setOffset(99L)
        .setKey(ByteBuffer.wrap(new byte[] {1}))
        .setValue(ByteBuffer.wrap(new byte[] {0, -1, 127}))
        .setHeaders(Map.of("attempt", ByteBuffer.wrap(new byte[] {'0'})))
        .setStage("advantage")
        .setReason("The record ends too early")
        .setAttempt(0)
        .setCreatedMs(1_700_000_000_000L)
        .build();
  }
}
