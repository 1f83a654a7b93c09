package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantilesTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0.5, 1",
    "1, 0.99, 1",
    "2, 0.5, 1",
    "2, 0.51, 2",
    "3, 0.5, 2",
    "4, 0.5, 2",
    "4, 0.95, 4",
    "20, 0.95, 19",
    "20, 0.951, 20",
    "99, 0.99, 99",
    "100, 0.99, 99",
    "101, 0.99, 100",
    "1000, 0.99, 990",
    "7, 1, 7",
    "7, 0.001, 1"
  })
  void theNearestRankOfTheFirstNumbersInAnyOrder(int count, double share, double expected) {
    List<Double> values =
        new java.util.ArrayList<>(
            IntStream.rangeClosed(1, count).mapToObj(i -> (double) i).toList());
    assertThat(Quantiles.of(values, share)).isEqualTo(expected);
    Collections.reverse(values);
    assertThat(Quantiles.of(values, share)).isEqualTo(expected);
  }

  @Test
  void ofNothingThereIsNoQuantile() {
    assertThat(Quantiles.of(List.of(), 0.5)).isNaN();
    assertThatThrownBy(() -> Quantiles.of(List.of(1.0), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quantiles.of(List.of(1.0), Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
