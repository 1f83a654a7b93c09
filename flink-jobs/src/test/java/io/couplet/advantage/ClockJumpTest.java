package io.couplet.advantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.advantage.state.ReceivedReward;
import io.couplet.config.AdvantageKind;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import io.couplet.timers.MachineClock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.types.Either;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator of the advantage job on a machine whose clock is set, forward and back, by hours.
 */
class ClockJumpTest {
  private static final long HOUR = 3_600_000;
  private static final long DEADLINE = 500;
  private static final long STEP = 5;
  private static final RewardSource TESTS = new RewardSource("tests", 1.0, true, DEADLINE, 0., 1.);

  private static MachineClock machine;

  private KeyedTwoInputStreamOperatorTestHarness<
          String,
          Either<Rollout, ReceivedReward>,
          Tuple2<Long, Either<RewardSource, String>>,
          Group>
      operator;

  /** When each group was closed, in steady milliseconds, and how. */
  private final Map<String, Long> closedAt = new LinkedHashMap<>();

  private final Map<String, Group> closed = new LinkedHashMap<>();

  /** The operator, given the machine's clock in place of the harness's own. */
  private static final class OnMachine extends AssemblyOperator {
    private static final long serialVersionUID = 1L;

    OnMachine(AssemblyFunction function) {
      super(function, ClockJumpTest::steadyClock);
    }

    @Override
    protected void setProcessingTimeService(ProcessingTimeService ofTheHarness) {
      super.setProcessingTimeService(machine);
    }
  }

  private static SteadyClock steadyClock() {
    return () -> new SteadyTime(1, machine.steadyMillis());
  }

  @BeforeEach
  void open() throws Exception {
    machine = new MachineClock();
    AssemblyRules rules =
        new AssemblyRules(
            16, IncompleteGroups.DROP, 1_000, 1_000, 10 * HOUR, AdvantageKind.MEAN, false);
    AssemblyFunction function =
        new AssemblyFunction(
            new RunTopics("couplet", "r"),
            rules,
            AssemblyFixture::centred,
            new InitialSources(List.of(SourceChange.to(TESTS)), 0),
            ClockJumpTest::steadyClock);
    operator =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new OnMachine(function), AdvantageJob::groupOf, null, Types.STRING);
    operator.setup(
        new AvroTypeInfo<>(Group.class)
            .createSerializer(operator.getExecutionConfig().getSerializerConfig()));
    operator.open();
  }

  @AfterEach
  void close() throws Exception {
    operator.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {-3 * HOUR, 3 * HOUR})
  void deadlinesBeforeAndAfterAJumpOfTheClockAreThoseOfTheSteadyClock(long jump) throws Exception {
    rollouts("before");
    reward("before", 0);
    pass(100);
    machine.set(jump);
    rollouts("after");
    reward("after", 0);
    pass(DEADLINE - 100 - STEP);
    assertThat(closed).isEmpty();
    pass(3 * STEP);
    assertThat(closed).containsOnlyKeys("before");
    pass(100);
    assertThat(closed).containsOnlyKeys("before", "after");
    assertThat(closed.values())
        .allSatisfy(group -> assertThat(group.getDropReason()).isEqualTo("DEADLINE:tests"));
  }

  @Test
  void noGroupIsLostAndNoneIsLeftOutEarlyOrLateHoweverOftenTheClockIsSet() throws Exception {
    Random random = new Random(11);
    Map<String, Long> readyAt = new LinkedHashMap<>();
    Map<String, Boolean> answered = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      String group = "g" + i;
      rollouts(group);
      reward(group, 0);
      readyAt.put(group, machine.steadyMillis());
      answered.put(group, random.nextBoolean());
      if (random.nextInt(4) == 0) {
        machine.set((random.nextInt(13) - 6) * HOUR + random.nextInt(1_000));
      }
      pass(STEP * random.nextInt(20));
      if (answered.get(group) && !closed.containsKey(group)) {
        reward(group, 1);
      }
    }
    pass(2 * DEADLINE);

    assertThat(closed).containsOnlyKeys(readyAt.keySet());
    answered.forEach(
        (group, whole) -> {
          assertThat(closed.get(group).getStatus())
              .as(group)
              .isEqualTo(whole ? GroupStatus.COMPLETE : GroupStatus.DROPPED);
          if (!whole) {
            assertThat(closedAt.get(group) - readyAt.get(group))
                .as("milliseconds that %s waited", group)
                .isBetween(DEADLINE, DEADLINE + 2 * STEP);
          }
        });
  }

  private void rollouts(String group) throws Exception {
    for (int member = 0; member < 2; member++) {
      Rollout rollout = AssemblyFixture.completion(member, 2, 3);
      rollout.setGroup(group);
      operator.processElement1(Either.Left(rollout), 0);
    }
  }

  private void reward(String group, int member) throws Exception {
    operator.processElement1(
        Either.Right(
            new ReceivedReward(
                group, member, AssemblyFixture.reward("tests", (double) member, null))),
        0);
    collect();
  }

  private void pass(long millis) throws Exception {
    for (long passed = 0; passed < millis; passed += STEP) {
      machine.pass(STEP);
      collect();
    }
  }

  private void collect() {
    for (Group group : operator.extractOutputValues()) {
      assertThat(closed.put(group.getGroup(), group)).as(group.getGroup()).isNull();
      closedAt.put(group.getGroup(), machine.steadyMillis());
    }
    operator.getOutput().clear();
  }
}
