package io.couplet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  private static final String SPIN = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; read wait";

  @Test
  void aThreadOfThisProcessIsStreamingAndAChildIsWhatItIsSaidToBe() throws Exception {
    Process worker = new ProcessBuilder("/bin/sh", "-c", SPIN).start();
    Process child = new ProcessBuilder("/bin/sh", "-c", SPIN).start();
    try {
      ProcessorTime before = ProcessorTime.now(List.of(worker.pid()), List.of());
      long end = System.nanoTime() + 30_000_000_000L;
      ProcessorTime used = before.since(before);
      while (used.workers() == 0 || used.sandbox() == 0 || used.streaming() < 0.1) {
        assertThat(System.nanoTime()).as("%s", used).isLessThan(end);
        used = ProcessorTime.now(List.of(worker.pid()), List.of()).since(before);
      }
      assertThat(used.broker()).isZero();
      assertThat(used.learning()).isZero();
      assertThat(used.total()).isEqualTo(used.work() + used.streaming());
    } finally {
      worker.destroyForcibly();
      child.destroyForcibly();
    }
  }
}
