package io.couplet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BusyMeterTest {
  private static final long SECOND = 1_000_000_000L;
  private final AtomicLong clock = new AtomicLong(77);
  private final BusyMeter meter = new BusyMeter(clock::get);

  @Test
  void isTheShareOfTheTimeSinceTheStartAtFirst() {
    work(SECOND);
    rest(3 * SECOND);
    assertThat(meter.share()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void isTheShareOfTheLastTenSecondsLater() {
    work(100 * SECOND);
    assertThat(meter.share()).isCloseTo(1, within(1e-9));
    rest(4 * SECOND + SECOND / 2);
    assertThat(meter.share()).isCloseTo(5 / 9.5, within(1e-9));
    rest(10 * SECOND);
    assertThat(meter.share()).isZero();
  }

  @Test
  void manySmallPiecesAddUp() {
    for (int i = 0; i < 1000; i++) {
      work(SECOND / 200);
      rest(SECOND / 200);
    }
    assertThat(meter.share()).isCloseTo(0.5, within(0.01));
  }

  private void work(long nanos) {
    long start = clock.get();
    clock.addAndGet(nanos);
    meter.workedSince(start);
  }

  private void rest(long nanos) {
    clock.addAndGet(nanos);
  }
}
