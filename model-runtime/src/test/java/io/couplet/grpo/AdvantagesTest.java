package io.couplet.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdvantagesTest {
  private static final double[] REWARDS = {2.5, 0, 1, 0.5};

  @Test
  void meanBaselineSubtractsTheMean() {
    Advantages advantages = Advantages.of(REWARDS, AdvantageBaseline.MEAN, false);
    assertThat(advantages.values()).containsExactly(1.5f, -1, 0, -0.5f);
    assertThat(advantages.mean()).isEqualTo(1);
    assertThat(advantages.zeroVariance()).isFalse();
  }

  @Test
  void leaveOneOutComparesWithTheOthers() {
    Advantages advantages = Advantages.of(REWARDS, AdvantageBaseline.LEAVE_ONE_OUT, false);
    for (int i = 0; i < REWARDS.length; i++) {
      double others = 0;
      for (int j = 0; j < REWARDS.length; j++) {
        others += j == i ? 0 : REWARDS[j] / 3;
      }
      assertThat(advantages.values()[i]).isCloseTo((float) (REWARDS[i] - others), within(1e-6f));
    }
  }

  @Test
  void scaledRewardsAreDividedByTheSampleDeviation() {
    Advantages plain = Advantages.of(REWARDS, AdvantageBaseline.MEAN, false);
    Advantages scaled = Advantages.of(REWARDS, AdvantageBaseline.MEAN, true);
    double deviation = Math.sqrt((2.25 + 1 + 0.25) / 3);
    assertThat(plain.deviation()).isCloseTo(deviation, within(1e-12));
    assertThat(scaled.values()[0]).isCloseTo((float) (1.5 / (deviation + 1e-4)), within(1e-6f));
  }

  @Test
  void equalRewardsHaveNoVarianceAndNoAdvantage() {
    double thirds = 0.1 + 0.2;
    Advantages advantages =
        Advantages.of(new double[] {thirds, 0.3, thirds}, AdvantageBaseline.LEAVE_ONE_OUT, true);
    assertThat(advantages.zeroVariance()).isTrue();
    assertThat(advantages.values()).containsOnly(0f);
  }

  @Test
  void aSingleMemberTeachesNothing() {
    assertThat(
            Advantages.of(new double[] {2}, AdvantageBaseline.LEAVE_ONE_OUT, false).zeroVariance())
        .isTrue();
  }

  @Test
  void aRewardThatIsNoNumberIsRefused() {
    assertThatThrownBy(
            () -> Advantages.of(new double[] {1, Double.NaN}, AdvantageBaseline.MEAN, false))
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> Advantages.of(new double[0], AdvantageBaseline.MEAN, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
