package io.couplet.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServedPoliciesTest {
  private final Queue<Weights> everLoaded = new ConcurrentLinkedQueue<>();
  private final ServedPolicies<Weights> served = new ServedPolicies<>(this::load);

  /** Weights that all hold their version, until closing overwrites them. */
  private static final class Weights implements AutoCloseable {
    final long[] values = new long[64];
    final AtomicInteger closed = new AtomicInteger();

    Weights(long version) {
      Arrays.fill(values, version);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      Arrays.fill(values, -1);
    }
  }

  private Weights load(PolicyReference reference) {
    Weights weights = new Weights(reference.version());
    everLoaded.add(weights);
    return weights;
  }

  private static PolicyReference version(long version) {
    return new PolicyReference(version, "memory:" + version, "%064x".formatted(version));
  }

  @Test
  void theCurrentAndThePreviousStayLoaded() throws Exception {
    for (long v = 1; v <= 3; v++) {
      served.acquire(version(v)).close();
    }
    assertThat(served.loaded()).containsExactly(version(3), version(2));
    served.acquire(version(2)).close();
    assertThat(everLoaded).hasSize(3);
    assertThat(everLoaded.stream().map(w -> w.closed.get())).containsExactly(1, 0, 0);
  }

  @Test
  void aPolicyInUseIsClosedByItsLastUserAndNotBefore() throws Exception {
    try (ServedPolicies<Weights>.Lease first = served.acquire(version(1));
        ServedPolicies<Weights>.Lease second = served.acquire(version(1))) {
      served.acquire(version(2)).close();
      served.acquire(version(3)).close();
      Weights weights = first.policy();
      first.close();
      first.close();
      assertThat(weights.closed).hasValue(0);
      assertThat(second.policy()).isSameAs(weights);
      second.close();
      assertThat(weights.closed).hasValue(1);
      assertThatThrownBy(second::policy).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void afterClosingNothingIsServedAndLeasesStillFinish() throws Exception {
    try (ServedPolicies<Weights>.Lease lease = served.acquire(version(1))) {
      served.close();
      assertThat(lease.policy().closed).hasValue(0);
      assertThatThrownBy(() -> served.acquire(version(1)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(everLoaded.peek().closed).hasValue(1);
  }

  @Test
  void aFailedLoadIsReportedAndTriedAgain() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (ServedPolicies<Weights> failing =
        new ServedPolicies<>(
            reference -> {
              if (attempts.incrementAndGet() == 1) {
                throw new UnverifiablePolicyException("damaged");
              }
              return load(reference);
            })) {
      assertThatThrownBy(() -> failing.acquire(version(1)))
          .isInstanceOf(UnverifiablePolicyException.class)
          .hasMessage("damaged");
      assertThat(failing.loaded()).isEmpty();
      failing.acquire(version(1)).close();
      assertThat(failing.loaded()).containsExactly(version(1));
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void manyThreadsNeverSeeTornOrClosedWeights() throws Exception {
    int threads = 8;
    int rounds = 4_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Integer>> failures = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      RandomStream random = RandomStream.named(1, "stress", thread);
      failures.add(pool.submit(() -> useAtRandom(random, rounds)));
    }
    for (Future<Integer> wrong : failures) {
      assertThat(wrong.get()).isZero();
    }
    pool.shutdown();
    assertThat(everLoaded.stream().filter(w -> w.closed.get() == 0)).hasSizeLessThanOrEqualTo(2);
    served.close();
    assertThat(everLoaded).hasSizeGreaterThan(100).allMatch(w -> w.closed.get() == 1);
  }

  /** Number of leases that showed anything but the version asked for. */
  private int useAtRandom(RandomStream random, int rounds) throws Exception {
    int wrong = 0;
    for (int i = 0; i < rounds; i++) {
      // The versions move on, as in a run; each thread lags by up to four.
      long wanted = Math.max(0, i / 20 - random.nextInt(4));
      try (ServedPolicies<Weights>.Lease lease = served.acquire(version(wanted))) {
        for (int read = 0; read < 3; read++) {
          if (Arrays.stream(lease.policy().values).anyMatch(value -> value != wanted)) {
            wrong++;
          }
          LockSupport.parkNanos(1); // lets another thread in between two reads
        }
      }
    }
    return wrong;
  }
}
