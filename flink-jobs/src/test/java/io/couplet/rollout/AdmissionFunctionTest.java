package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import io.couplet.timers.MachineClock;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate as an operator on RocksDB. */
class AdmissionFunctionTest {
  private static final long SETTLE_MS = 500;

  private static KeyedTwoInputStreamOperatorTestHarness<String, Problem, Policy, AdmittedGroup>
      operator(long window, int epochs, OperatorSubtaskState restored) throws Exception {
    return operator(
        new KeyedCoProcessOperator<>(
            new AdmissionFunction(new AdmissionGate.Settings(1, window, epochs), SETTLE_MS)),
        restored);
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Problem, Policy, AdmittedGroup>
      operator(
          KeyedCoProcessOperator<String, Problem, Policy, AdmittedGroup> gate,
          OperatorSubtaskState restored)
          throws Exception {
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            gate, problem -> "run", policy -> "run", Types.STRING);
    harness.setStateBackend(new EmbeddedRocksDBStateBackend());
    harness.setup(TypeInformation.of(AdmittedGroup.class).createSerializer(withoutKryo()));
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private static SerializerConfigImpl withoutKryo() {
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.setGenericTypes(false);
    return config;
  }

  private static List<String> groups(
      KeyedTwoInputStreamOperatorTestHarness<String, Problem, Policy, AdmittedGroup> harness) {
    return harness.extractOutputValues().stream().map(AdmittedGroup::group).toList();
  }

  @Test
  void nothingIsAdmittedBeforeTheFirstPolicyIsKnown() throws Exception {
    try (var harness = operator(2, 0, null)) {
      harness.processElement1(Problems.problem("a"), 0);
      harness.processElement1(Problems.problem("b"), 0);
      harness.processElement1(Problems.problem("c"), 0);
      assertThat(groups(harness)).isEmpty();
      harness.processElement2(Problems.policy(0, 0), 0);
      assertThat(groups(harness)).containsExactly("a@0", "b@0");
      assertThat(harness.extractOutputValues()).allMatch(group -> group.policyVersion() == 0);
      harness.processElement2(Problems.policy(1, 1), 0);
      assertThat(groups(harness)).containsExactly("a@0", "b@0", "c@0");
      assertThat(harness.extractOutputValues().get(2).policyVersion()).isEqualTo(1);
    }
  }

  @Test
  void knownProblemsAreVisitedAgainOnceNoNewOneHasComeForAWhile() throws Exception {
    try (var harness = operator(10, 2, null)) {
      harness.setProcessingTime(0);
      harness.processElement2(Problems.policy(0, 0), 0);
      harness.processElement1(Problems.problem("a"), 0);
      harness.setProcessingTime(SETTLE_MS - 100);
      harness.processElement1(Problems.problem("b"), 0);
      harness.setProcessingTime(SETTLE_MS + 100);
      assertThat(groups(harness)).containsExactly("a@0", "b@0");
      harness.setProcessingTime(2 * SETTLE_MS);
      assertThat(groups(harness)).hasSize(4).contains("a@1", "b@1");
    }
  }

  /** The operator of the job, given the machine's clock in place of the harness's own. */
  private static final class OnMachine extends AdmissionOperator {
    private static final long serialVersionUID = 1L;
    static MachineClock machine;

    OnMachine() {
      super(
          new AdmissionFunction(new AdmissionGate.Settings(1, 10, 2), SETTLE_MS),
          () -> machine.steadyMillis());
    }

    @Override
    protected void setProcessingTimeService(ProcessingTimeService ofTheHarness) {
      super.setProcessingTimeService(machine);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3 * 3_600_000, 3 * 3_600_000})
  void theWaitForMoreProblemsIsAsLongWhenTheClockIsSet(long jump) throws Exception {
    OnMachine.machine = new MachineClock();
    try (var harness = operator(new OnMachine(), null)) {
      harness.processElement2(Problems.policy(0, 0), 0);
      harness.processElement1(Problems.problem("a"), 0);
      OnMachine.machine.pass(SETTLE_MS - 100);
      harness.processElement1(Problems.problem("b"), 0);
      OnMachine.machine.set(jump);
      OnMachine.machine.pass(SETTLE_MS - 100);
      assertThat(groups(harness)).containsExactly("a@0", "b@0");
      OnMachine.machine.pass(200);
      assertThat(groups(harness)).hasSize(4).contains("a@1", "b@1");
    }
  }

  @Test
  void aRestartGoesOnWithTheSameNumbersAndGroups() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var harness = operator(2, 0, null)) {
      harness.processElement2(Problems.policy(0, 0), 0);
      for (String id : List.of("a", "b", "c", "d")) {
        harness.processElement1(Problems.problem(id), 0);
      }
      checkpoint = harness.snapshot(1, 1);
      harness.processElement2(Problems.policy(1, 1), 0);
      assertThat(groups(harness)).containsExactly("a@0", "b@0", "c@0");
    }
    try (var harness = operator(2, 0, checkpoint)) {
      harness.processElement2(Problems.policy(1, 1), 0);
      AdmittedGroup again = harness.extractOutputValues().get(0);
      assertThat(again.group()).isEqualTo("c@0");
      assertThat(again.sequence()).isEqualTo(2);
      harness.processElement2(Problems.policy(2, 2), 0);
      assertThat(groups(harness)).containsExactly("c@0", "d@0");
    }
  }

  @Test
  void aReplacedLearnerPaysNothing() throws Exception {
    try (var harness = operator(1, 0, null)) {
      harness.processElement1(Problems.problem("a"), 0);
      harness.processElement1(Problems.problem("b"), 0);
      harness.processElement2(Problems.policy(0, 0, 2), 0);
      harness.processElement2(Problems.policy(7, 50, 1), 0);
      assertThat(groups(harness)).containsExactly("a@0");
    }
  }
}
