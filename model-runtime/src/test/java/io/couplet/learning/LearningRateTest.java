package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void warmsUpLinearlyAndFollowsTheCosineToItsEnd() {
    LearningRate rate = new LearningRate(2, 4, 104, 0.1);
    assertThat(rate.at(0)).isEqualTo(0.5);
    assertThat(rate.at(3)).isEqualTo(2);
    assertThat(rate.at(54)).isCloseTo(1.1, within(1e-9));
    assertThat(rate.at(104)).isCloseTo(0.2, within(1e-9));
    assertThat(rate.at(100_000)).isCloseTo(0.2, within(1e-9));
  }

  @Test
  void aConstantRateStaysAtItsPeak() {
    assertThat(LearningRate.constant(3, 0).at(0)).isEqualTo(3);
    assertThat(LearningRate.constant(3, 2).at(1_000_000)).isEqualTo(3);
  }

  @Test
  void impossibleRatesAreRefused() {
    assertThatThrownBy(() -> LearningRate.constant(0, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new LearningRate(1, 5, 3, 0)).hasMessageContaining("warm-up");
  }
}
