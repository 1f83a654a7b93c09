package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.bench.HopLatencies.Percentiles;
import io.couplet.schemas.Completion;
import io.couplet.schemas.Decoding;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GenerationFailureReason;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class HopReadingTest {
  /** What happens from 1001 to 2000 ms counts. */
  private final HopReading reading = new HopReading(1_000, 2_000);

  @Test
  void latenciesAreBetweenRecordsWithoutTheTimeOfTheWork() {
    reading.policy(policy(1, 1_100));
    reading.policy(policy(1, 1_400)); // announced again, with a credit
    reading.rollout(completion("p@0", 0, 1, 1_130, 20), 1_170);
    reading.rollout(completion("p@0", 1, 1, 1_120, 20), 1_180);
    reading.reward(reward("p@0", 0, 50), 1_230);
    reading.reward(reward("p@0", 1, 50), 1_290);
    reading.group(group("p@0"), 1_299);

    HopLatencies found = reading.latencies();

    assertThat(found.hops().keySet())
        .containsExactly(
            HopLatencies.FIRST_CALL, HopLatencies.CALL, HopLatencies.JUDGED, HopLatencies.GROUPED);
    assertThat(found.hops())
        .containsEntry(HopLatencies.FIRST_CALL, new Percentiles(1, 20, 20))
        .containsEntry(HopLatencies.CALL, new Percentiles(2, 20, 40))
        .containsEntry(HopLatencies.JUDGED, new Percentiles(2, 10, 60))
        .containsEntry(HopLatencies.GROUPED, new Percentiles(1, 9, 9));
  }

  @Test
  void whatWasWrittenOutsideTheWindowGivesNoLatencyButMayBeWhereOneBegins() {
    reading.policy(policy(1, 1_000));
    reading.policy(policy(2, 2_001));
    reading.rollout(completion("p@0", 0, 1, 900, 10), 990);
    reading.rollout(completion("q@0", 0, 1, 1_990, 10), 2_001);
    reading.reward(reward("p@0", 0, 0), 1_001);
    reading.reward(reward("q@0", 0, 0), 2_002);
    reading.group(group("p@0"), 2_000);
    reading.group(group("q@0"), 2_003);

    HopLatencies found = reading.latencies();

    assertThat(found.hops().get(HopLatencies.FIRST_CALL).count()).isZero();
    assertThat(found.hops().get(HopLatencies.CALL).count()).isZero();
    assertThat(found.hops())
        .containsEntry(HopLatencies.JUDGED, new Percentiles(1, 11, 11))
        .containsEntry(HopLatencies.GROUPED, new Percentiles(1, 999, 999));
  }

  @Test
  void recordsCountInTheWindowOnly() {
    for (long at : new long[] {999, 1_000, 1_001, 1_500, 2_000, 2_001}) {
      reading.record(at);
    }
    assertThat(reading.latencies().records()).isEqualTo(3);
  }

  @Test
  void withoutARecordTheHopIsUndefined() {
    Percentiles none = reading.latencies().hops().get(HopLatencies.CALL);
    assertThat(none.count()).isZero();
    assertThat(none.p50Ms()).isNaN();
    assertThat(none.p99Ms()).isNaN();
  }

  @Test
  void clocksThatDisagreeGiveNoNegativeLatencyAndAFailureNoCall() {
    reading.policy(policy(1, 1_500));
    reading.rollout(completion("p@0", 0, 1, 1_499, 100), 1_550);
    reading.rollout(rollout("f@0", 0, 1, failure()), 1_560);
    reading.reward(reward("p@0", 0, 500), 1_600);
    reading.reward(reward("unknown@0", 0, 0), 1_600);
    reading.group(group("p@0"), 1_590);
    reading.group(group("nobody@0"), 1_590);

    HopLatencies found = reading.latencies();

    assertThat(found.hops().values())
        .hasSize(4)
        .allSatisfy(hop -> assertThat(hop).isEqualTo(new Percentiles(1, 0, 0)));
  }

  private static Policy policy(long version, long atMs) {
    return Policy.newBuilder()
        .setRun("r")
        .setVersion(version)
        .setStep(version)
        .setUri("file:///p")
        .setSha256("p")
        .setSizeBytes(1)
        .setConsumedGroups(0)
        .setCreatedMs(atMs)
        .build();
  }

  private static Rollout completion(
      String group, int member, long version, long startedMs, double workerMs) {
    return rollout(
        group,
        member,
        version,
        Completion.newBuilder()
            .setPromptText("")
            .setText("")
            .setPromptIds(List.of())
            .setCompletionIds(List.of())
            .setStepMap(List.of())
            .setConfidences(List.of())
            .setBehaviourScores(List.of())
            .setStopReason(StopReason.LENGTH)
            .setSeed("")
            .setDecoding(new Decoding("origin", "dream", 1, 1, 1f, 1f, 0, 0f))
            .setTimings(
                new GenerationTimings(workerMs / 4, workerMs / 2, workerMs / 4, 1, startedMs))
            .build());
  }

  private static GenerationFailure failure() {
    return new GenerationFailure(GenerationFailureReason.PROMPT_TOO_LONG, "");
  }

  private static Rollout rollout(String group, int member, long version, Object outcome) {
    return Rollout.newBuilder()
        .setRun("r")
        .setGroup(group)
        .setSequence(0)
        .setEpoch(0)
        .setMember(member)
        .setGroupSize(2)
        .setProblem(Problem.newBuilder().setId("p").setPrompt("x").setTests(List.of()).build())
        .setPolicyVersion(version)
        .setPolicySha256("p")
        .setOutcome(outcome)
        .build();
  }

  private static Reward reward(String group, int member, double durationMs) {
    return Reward.newBuilder()
        .setGroup(group)
        .setMember(member)
        .setSource("tests")
        .setValue(1.0)
        .setDurationMs(durationMs)
        .build();
  }

  private static Group group(String id) {
    return Group.newBuilder()
        .setRun("r")
        .setGroup(id)
        .setSequence(0)
        .setEpoch(0)
        .setProblemId("p")
        .setStatus(GroupStatus.COMPLETE)
        .setSources(List.of())
        .setMembers(List.of())
        .setMinPolicyVersion(1)
        .setMaxPolicyVersion(1)
        .setOpenedMs(0)
        .setClosedMs(0)
        .build();
  }
}
