package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchdogTest {
  @Test
  void whatTakesTooLongIsActedOnOnceAndWhatWasClosedNever() throws Exception {
    AtomicInteger late = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    CountDownLatch later = new CountDownLatch(1);
    try (Watchdog watchdog = new Watchdog()) {
      watchdog.watch(1, late::incrementAndGet);
      watchdog.watch(1, closed::incrementAndGet).close();
      watchdog.watch(1_200, later::countDown);
      assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(late).hasValue(1);
    assertThat(closed).hasValue(0);
  }

  @Test
  void anActionThatFailsDoesNotEndTheWatch() throws Exception {
    CountDownLatch after = new CountDownLatch(1);
    try (Watchdog watchdog = new Watchdog()) {
      watchdog.watch(
          1,
          () -> {
            throw new IllegalStateException("on purpose");
          });
      watchdog.watch(700, after::countDown);
      assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
