package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoreTimeTest {
  private static final List<String> STAT =
      List.of(
          "cpu  9999 0 0 0 0 0 0 0 0 0",
          "cpu0 1000 20 300 4000 50 6 70 80 900 0",
          "cpu1 1 1 1 1 1 1 1 1 0 0",
          "cpu10 5 5 5 5 5 5 5 5 0 0",
          "intr 1 2 3");

  @Test
  void theCoresThatAProcessMayUseAreAddedUp() throws Exception {
    assertThat(CoreTime.of(STAT, List.of(0))).isEqualTo(new CoreTime(40.5));
    assertThat(CoreTime.of(STAT, List.of(0, 10))).isEqualTo(new CoreTime(40.6));
    assertThatThrownBy(() -> CoreTime.of(STAT, List.of(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cpu2");
  }

  @Test
  void theClocksOfThisMachineGoOn() throws Exception {
    CoreTime before = CoreTime.now();
    Thread.sleep(300);
    assertThat(CoreTime.now().since(before).idle()).isNotNegative();
  }
}
