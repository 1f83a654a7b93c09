package io.couplet.advantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.advantage.state.ReceivedReward;
import io.couplet.config.AdvantageKind;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.types.Either;
import org.junit.jupiter.api.Test;

/** The operator on RocksDB: state, timers, broadcast sources and restarts. */
class AssemblyFunctionTest {
  private static final AtomicLong STEADY = new AtomicLong();
  private static final AtomicLong INCARNATION = new AtomicLong();

  private static final RewardSource TESTS = new RewardSource("tests", 1.0, true, 500L, 0.0, 1.0);

  private static final class Operator implements AutoCloseable {
    final KeyedTwoInputStreamOperatorTestHarness<
            String,
            Either<Rollout, ReceivedReward>,
            Tuple2<Long, Either<RewardSource, String>>,
            Group>
        harness;

    Operator(OperatorSubtaskState restored, InitialSources initial) throws Exception {
      AssemblyRules rules =
          new AssemblyRules(
              16, IncompleteGroups.DROP, 1_000, 1_000, 100_000, AdvantageKind.MEAN, false);
      AssemblyFunction function =
          new AssemblyFunction(
              new RunTopics("couplet", "r"),
              rules,
              AssemblyFixture::centred,
              initial,
              () -> {
                long incarnation = INCARNATION.incrementAndGet();
                return () -> new SteadyTime(incarnation, STEADY.get());
              });
      harness =
          new KeyedTwoInputStreamOperatorTestHarness<>(
              new CoBroadcastWithKeyedOperator<>(function, List.of(AssemblyFunction.SOURCES)),
              AdvantageJob::groupOf,
              null,
              Types.STRING);
      harness.setStateBackend(new EmbeddedRocksDBStateBackend());
      harness.setup(
          new AvroTypeInfo<>(Group.class)
              .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (restored != null) {
        harness.initializeState(restored);
      }
      harness.open();
    }

    void rollout(int member) throws Exception {
      harness.processElement1(Either.Left(AssemblyFixture.completion(member, 2, 3)), 0);
    }

    void reward(int member, String source, Double value) throws Exception {
      harness.processElement1(
          Either.Right(
              new ReceivedReward(
                  AssemblyFixture.GROUP, member, AssemblyFixture.reward(source, value, null))),
          0);
    }

    void source(long offset, Either<RewardSource, String> change) throws Exception {
      harness.processElement2(Tuple2.of(offset, change), 0);
    }

    /** Both clocks go on together. */
    void advance(long millis) throws Exception {
      STEADY.addAndGet(millis);
      harness.setProcessingTime(harness.getProcessingTime() + millis);
    }

    List<Group> groups() {
      return harness.extractOutputValues();
    }

    @Override
    public void close() throws Exception {
      harness.close();
    }
  }

  private static Operator operator(OperatorSubtaskState restored) throws Exception {
    return new Operator(restored, new InitialSources(List.of(SourceChange.to(TESTS)), 4));
  }

  @Test
  void groupsSurviveARestartFromRocksDb() throws Exception {
    OperatorSubtaskState snapshot;
    try (Operator operator = operator(null)) {
      operator.reward(1, "tests", 0.0);
      operator.rollout(0);
      operator.reward(0, "tests", 1.0);
      snapshot = operator.harness.snapshot(1, 1);
    }
    try (Operator operator = operator(snapshot)) {
      operator.reward(0, "tests", 0.25);
      operator.rollout(1);
      Group group = operator.groups().get(0);
      assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
      assertThat(group.getMembers()).extracting("advantage").containsExactly(0.5f, -0.5f);
      snapshot = operator.harness.snapshot(2, 2);
    }
    try (Operator operator = operator(snapshot)) {
      operator.rollout(0);
      operator.rollout(1);
      operator.reward(0, "tests", 1.0);
      operator.reward(1, "tests", 1.0);
      assertThat(operator.groups()).isEmpty();
    }
  }

  @Test
  void aDeadlineFiresOnTheSteadyClockOnly() throws Exception {
    try (Operator operator = operator(null)) {
      operator.rollout(0);
      operator.rollout(1);
      operator.reward(0, "tests", 1.0);
      operator.harness.setProcessingTime(operator.harness.getProcessingTime() + 3_600_000);
      assertThat(operator.groups()).isEmpty();
      operator.advance(499);
      assertThat(operator.groups()).isEmpty();
      operator.advance(2);
      assertThat(operator.groups().get(0).getDropReason()).isEqualTo("DEADLINE:tests");
    }
  }

  @Test
  void timersAreThereAfterARestartAndGiveTheFullDeadline() throws Exception {
    OperatorSubtaskState snapshot;
    try (Operator operator = operator(null)) {
      operator.rollout(0);
      operator.rollout(1);
      operator.advance(499);
      snapshot = operator.harness.snapshot(1, 1);
    }
    try (Operator operator = operator(snapshot)) {
      operator.advance(10_000);
      operator.advance(499);
      assertThat(operator.groups()).isEmpty();
      operator.advance(2);
      assertThat(operator.groups()).hasSize(1);
    }
  }

  @Test
  void aSourceJoinsAndLeavesARunningJobForGroupsOpenedAfterwards() throws Exception {
    try (Operator operator = operator(null)) {
      operator.rollout(0);
      operator.source(4, Either.Left(new RewardSource("style", 1.0, true, 500L, 0.0, 1.0)));
      operator.rollout(1);
      operator.reward(0, "tests", 1.0);
      operator.reward(1, "tests", 0.0);
      assertThat(operator.groups().get(0).getSources())
          .extracting(GroupSource::getName)
          .containsExactly("tests");
      operator.source(5, Either.Right("tests"));
      Rollout other = AssemblyFixture.completion(0, 1, 3);
      other.setGroup("p2@0");
      operator.harness.processElement1(Either.Left(other), 0);
      operator.advance(501);
      assertThat(operator.groups().get(1).getSources())
          .extracting(GroupSource::getName)
          .containsExactly("style");
    }
  }

  @Test
  void whatTheInitialSourcesSaidAlreadyIsNotSaidAgain() throws Exception {
    try (Operator operator = operator(null)) {
      operator.source(3, Either.Right("tests"));
      operator.rollout(0);
      operator.rollout(1);
      operator.reward(0, "tests", 1.0);
      operator.reward(1, "tests", 0.0);
      assertThat(operator.groups().get(0).getStatus()).isEqualTo(GroupStatus.COMPLETE);
    }
  }

  @Test
  void valuesAndSourcesThatCannotBeUsedGoToTheDeadLetters() throws Exception {
    try (Operator operator = operator(null)) {
      operator.rollout(0);
      operator.reward(0, "tests", Double.NaN);
      operator.source(4, Either.Left(new RewardSource("x", Double.NaN, true, 500L, 0.0, 1.0)));
      List<DeadLetter> letters =
          operator.harness.getSideOutput(AssemblyFunction.LETTERS).stream()
              .map(record -> record.getValue())
              .toList();
      assertThat(letters)
          .extracting(DeadLetter::getReason)
          .containsExactly(
              "Expected a value in [0.0, 1.0] from source tests, found NaN",
              "Expected a finite weight of source x, found NaN");
      assertThat(letters).extracting(DeadLetter::getStage).containsOnly("advantage");
    }
  }
}
