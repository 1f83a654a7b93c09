package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.couplet.bench.OverlapBenchmark.Row;
import io.couplet.bench.OverlapBenchmark.Setting;
import io.couplet.local.run.MeasuredRun.Measurement;
import io.couplet.schemas.LedgerEntry;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OverlapBenchmarkTest {
  private static final Offset<Double> ROUND_OFF = within(1e-12);
  private static final int CORES = 2;

  private static final List<LedgerEntry> UPDATES =
      List.of(
          BenchFigures.update(6, 0, 1, 1),
          BenchFigures.update(7, 1, 1, 2),
          BenchFigures.update(8, 0, 0, 0),
          BenchFigures.update(9, 1, 2, 2));

  private static Row row(Measurement... runs) {
    return OverlapBenchmark.row(new Setting(1, 10), List.of(runs), CORES);
  }

  @Test
  void boundAndIdleSharesFollowFromProcessorTimeAndWallClock() {
    Row row = row(BenchFigures.measurement(UPDATES, 5, List.of(3.0)));
    assertThat(row.versionsBehind()).isEqualTo(1);
    assertThat(row.waitingPercent()).isEqualTo(10);
    assertThat(row.updates()).isEqualTo(4);
    assertThat(row.rollouts()).isEqualTo(64);
    assertThat(row.generationSeconds() + row.judgingSeconds() + row.learningSeconds()).isEqualTo(6);
    // 6 s of work take two cores 3 s at least, and took 5 s.
    assertThat(row.shareOfBound()).isCloseTo(0.6, ROUND_OFF);
    // Of 10 s the run used 8 and nobody 0.5.
    assertThat(row.elsewhere()).isCloseTo(0.15, ROUND_OFF);
    assertThat(row.idleCores()).isCloseTo(0.05, ROUND_OFF);
    // 6 s of the 8.5 s that the rest of the machine left.
    assertThat(row.shareOfAvailable()).isCloseTo(6 / 8.5, ROUND_OFF);
    // Four times 0.5 s of 5 s.
    assertThat(row.idleLearner()).isCloseTo(0.4, ROUND_OFF);
    assertThat(row.idleWorker()).isCloseTo(0.4, ROUND_OFF);
    assertThat(row.streamingShare()).isCloseTo(0.25, ROUND_OFF);
    // No schedule is faster than the bound: all of it together fills the wall clock.
    assertThat(
            row.shareOfBound()
                + row.elsewhere()
                + row.idleCores()
                + row.streamingShare() * 8 / CORES / 5)
        .isCloseTo(1, ROUND_OFF);
  }

  @Test
  void aWorkerOnMoreThanOneCoreIsNotIdleForLessThanNoTime() {
    assertThat(row(BenchFigures.measurement(UPDATES, 2, List.of())).idleWorker()).isZero();
  }

  @Test
  void stalenessIsTheMedianOfTheUpdatesAndTheLargestOfAll() {
    Row row = row(BenchFigures.measurement(UPDATES, 4, List.of()));
    assertThat(row.stalenessP50()).isZero();
    assertThat(row.stalenessP95()).isEqualTo(1);
    assertThat(row.stalenessMax()).isEqualTo(2);
    assertThat(row.sampleToGradient()).isEqualTo(7);
    assertThat(row.firstCallMs()).as("no version was announced").isNaN();
  }

  @Test
  void eachFigureIsTheMedianOfTheRuns() {
    Row row =
        row(
            BenchFigures.measurement(UPDATES, 8, List.of(1.0)),
            BenchFigures.measurement(UPDATES, 4, List.of(9.0)),
            BenchFigures.measurement(UPDATES, 5, List.of(5.0)));
    assertThat(row.runs()).isEqualTo(3);
    assertThat(row.wallSeconds()).isEqualTo(5);
    assertThat(row.shareOfBound()).isCloseTo(0.6, ROUND_OFF);
    assertThat(row.firstCallMs()).isEqualTo(5);
  }
}
