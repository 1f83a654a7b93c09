package io.couplet.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassAtKTest {
  @Property(tries = 500)
  void equalsTheBinomialFormula(
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(max = 60) int c,
      @ForAll @IntRange(min = 1, max = 60) int k) {
    int passed = Math.min(c, n);
    int drawn = Math.min(k, n);
    double expected =
        1 - binomial(n - passed, drawn).doubleValue() / binomial(n, drawn).doubleValue();
    assertThat(PassAtK.estimate(n, passed, drawn)).isCloseTo(expected, within(1e-12));
  }

  private static BigInteger binomial(int n, int k) {
    BigInteger result = k > n ? BigInteger.ZERO : BigInteger.ONE;
    for (int i = 1; i <= Math.min(k, n); i++) {
      result = result.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return result;
  }

  @Test
  void passAtOneIsTheShareThatPassed() {
    assertThat(PassAtK.estimate(10, 3, 1)).isCloseTo(0.3, within(1e-15));
  }

  @Test
  void fewerFailuresThanDrawsAlwaysPass() {
    assertThat(PassAtK.estimate(10, 6, 5)).isEqualTo(1);
    assertThat(PassAtK.estimate(10, 0, 10)).isEqualTo(0);
  }

  @Test
  void moreDrawsThanSamplesAreRefused() {
    assertThatThrownBy(() -> PassAtK.estimate(4, 1, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 5 samples");
    assertThatThrownBy(() -> PassAtK.estimate(4, 5, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
