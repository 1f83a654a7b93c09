package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
  void theCoresThatAProcessMayUseAreAddedUpAndGuestsNotCountedTwice() throws Exception {
    assertThat(CoreTime.of(STAT, List.of(0))).isEqualTo(new CoreTime(55.26, 40.5));
    assertThat(CoreTime.of(STAT, List.of(0, 10))).isEqualTo(new CoreTime(55.66, 40.6));
    assertThatThrownBy(() -> CoreTime.of(STAT, List.of(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cpu2");
  }

  @Test
  void whatNobodyOfARunUsedWentElsewhere() {
    CoreTime cores = new CoreTime(30, 5).since(new CoreTime(10, 3));
    assertThat(cores.idleShare()).isEqualTo(0.1);
    assertThat(cores.elsewhereShare(17)).isCloseTo(0.05, within(1e-12));
    assertThat(cores.elsewhereShare(18.1)).as("clocks of different grain").isZero();
  }

  @Test
  void theClocksOfThisMachineGoOn() throws Exception {
    CoreTime before = CoreTime.now();
    Thread.sleep(300);
    CoreTime passed = CoreTime.now().since(before);
    assertThat(passed.total()).isPositive();
    assertThat(passed.idle()).isBetween(0.0, passed.total());
  }
}
