package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one program leaves behind, the next one in the same worker does not find. */
class LeftoversIT {

  @ParameterizedTest
  @EnumSource(IsolationTier.class)
  void nothingReachesTheNextProgram(IsolationTier tier) {
    try (SandboxPool pool = Pools.open(SandboxSettings.defaults().withWorkers(1), tier)) {
      for (CorpusProgram program : CorpusProgram.in("../leftovers")) {
        Verdict verdict = pool.submit(program.job()).join();
        assertThat(verdict.outcomeName())
            .as("%s: %s", program.name(), verdict)
            .isIn(program.outcomes());
      }
    }
  }
}
