package io.couplet.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.schemas.Reward;
import java.util.List;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupsTogetherTest {
  private static final int SIZE = 3;

  private OneInputStreamOperatorTestHarness<Reward, Reward> harness;

  @BeforeEach
  void open() throws Exception {
    harness = new OneInputStreamOperatorTestHarness<>(new GroupsTogether(SIZE));
    harness.open();
    harness.setProcessingTime(1_000);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void judged(String... members) throws Exception {
    for (String member : members) {
      harness.processElement(reward(member), 0);
    }
  }

  private List<String> passed() {
    List<String> members =
        harness.extractOutputValues().stream()
            .map(reward -> reward.getGroup() + reward.getMember())
            .toList();
    harness.getOutput().clear();
    return members;
  }

  /** Of a member such as a0, the first one of group a. */
  private static Reward reward(String member) {
    return Reward.newBuilder()
        .setGroup(member.substring(0, 1))
        .setMember(Integer.parseInt(member.substring(1)))
        .setSource(CodeRewards.TESTS)
        .setValue(1.0)
        .build();
  }

  @Test
  void aGroupIsPassedOnWithItsLastReward() throws Exception {
    judged("a2", "b0", "a0");
    assertThat(passed()).isEmpty();
    judged("a1");
    assertThat(passed()).containsExactly("a2", "a0", "a1");
    judged("b2", "b1");
    assertThat(passed()).containsExactly("b0", "b2", "b1");
  }

  @Test
  void noRewardWaitsLongForOthers() throws Exception {
    judged("a0");
    harness.setProcessingTime(1_100);
    judged("b0", "a1");
    harness.setProcessingTime(999 + GroupsTogether.PATIENCE_MS);
    assertThat(passed()).isEmpty();
    harness.setProcessingTime(1_000 + GroupsTogether.PATIENCE_MS);
    assertThat(passed()).containsExactly("a0", "a1");
    harness.setProcessingTime(1_100 + GroupsTogether.PATIENCE_MS);
    assertThat(passed()).containsExactly("b0");
    judged("a2");
    harness.setProcessingTime(1_100 + 2 * GroupsTogether.PATIENCE_MS);
    assertThat(passed()).containsExactly("a2");
  }

  @Test
  void nothingIsHeldAcrossACheckpointNorAtTheEnd() throws Exception {
    judged("a0", "b0");
    harness.prepareSnapshotPreBarrier(1);
    assertThat(passed()).containsExactly("a0", "b0");
    judged("a1");
    harness.getOperator().finish();
    assertThat(passed()).containsExactly("a1");
  }
}
