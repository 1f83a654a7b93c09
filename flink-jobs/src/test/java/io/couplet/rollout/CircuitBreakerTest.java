package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final CircuitBreaker circuit = new CircuitBreaker(3, 100);

  private void fail(int times, long now) {
    for (int i = 0; i < times; i++) {
      circuit.failed(now);
    }
  }

  @Test
  void failuresInARowOpenIt() {
    fail(2, 0);
    assertThat(circuit.closed()).isTrue();
    circuit.succeeded();
    fail(2, 0);
    assertThat(circuit.closed()).as("a success in between").isTrue();
    fail(1, 0);
    assertThat(circuit.closed()).isFalse();
  }

  @Test
  void afterThePauseOneTrialIsGrantedAtATime() {
    fail(3, 50);
    assertThat(circuit.tryOnce(149)).isFalse();
    assertThat(circuit.tryOnce(150)).isTrue();
    assertThat(circuit.tryOnce(151)).as("a trial is under way").isFalse();
  }

  @Test
  void theTrialDecides() {
    fail(3, 0);
    assertThat(circuit.tryOnce(100)).isTrue();
    circuit.failed(120);
    assertThat(circuit.tryOnce(219)).isFalse();
    assertThat(circuit.tryOnce(220)).isTrue();
    circuit.succeeded();
    assertThat(circuit.closed()).isTrue();
  }
}
