package io.couplet.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  /** More than chance would leave distinct among some 28,000 ephemeral ports. */
  private static final int MANY = 2_000;

  @Test
  void noPortIsGivenTwice() throws IOException {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      assertThat(given.add(FreePorts.any())).isTrue();
    }
  }
}
