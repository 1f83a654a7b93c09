package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.bench.StreamsBenchmark.Part;
import io.couplet.bench.StreamsBenchmark.Report;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StreamsBenchmarkTest {
  private static final Offset<Double> ROUND_OFF = within(1e-9);

  private static Report report() {
    return StreamsBenchmark.report(
        BenchFigures.measurement(
            List.of(BenchFigures.update(6, 0, 0, 0), BenchFigures.update(7, 0, 0, 0)),
            4,
            List.of(2.0)));
  }

  @Test
  void ratesAreOverTheWallClockOfTheMeasuredUpdates() {
    Report report = report();
    assertThat(report.rollouts()).isEqualTo(32);
    assertThat(report.rolloutsPerSecond()).isEqualTo(8);
    assertThat(report.recordsPerSecond()).isEqualTo(100);
  }

  @Test
  void partsAddUpToEverythingThatWasUsed() {
    Report report = report();
    assertThat(report.parts().stream().mapToDouble(Part::share).sum()).isCloseTo(1, ROUND_OFF);
    assertThat(report.parts().stream().mapToDouble(Part::microsPerRollout).sum())
        .as("8 s over 32 rollouts")
        .isCloseTo(250_000, ROUND_OFF);
    assertThat(report.streamingShare()).isCloseTo(0.25, ROUND_OFF);
    assertThat(report.streamingMicrosPerRollout()).isCloseTo(62_500, ROUND_OFF);
    assertThat(
            report.parts().stream()
                .limit(3)
                .peek(part -> assertThat(part.name()).doesNotContain("worker"))
                .mapToDouble(Part::share)
                .sum())
        .isCloseTo(report.streamingShare(), ROUND_OFF);
  }

  @Test
  void threadsComeWithTheBusiestFirst() {
    assertThat(report().threads().keySet()).containsExactly("grpc", "flink");
    assertThat(report().threads().get("grpc")).isCloseTo(0.75e6 / 32, ROUND_OFF);
  }
}
