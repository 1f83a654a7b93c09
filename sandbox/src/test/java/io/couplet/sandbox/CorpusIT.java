package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every program of the corpus gets the outcome it deserves, on both tiers, as root and not. */
class CorpusIT {

  @Test
  void theCorpusIsLargeEnoughToMeanSomething() {
    assertThat(CorpusProgram.in("attacks")).hasSizeGreaterThanOrEqualTo(120);
    assertThat(CorpusProgram.in("honest")).hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @EnumSource(IsolationTier.class)
  void noAttackScoresAndNoHonestProgramLoses(IsolationTier tier) {
    try (SandboxPool pool = Pools.open(Pools.twoWorkers(), tier)) {
      judgeAll(pool, everything());
    }
  }

  @ParameterizedTest
  @EnumSource(IsolationTier.class)
  void theSameHoldsForAnOrdinaryUser(IsolationTier tier) {
    Assumptions.assumeTrue(
        Pools.isRoot() && Pools.canSwitchUser(), "needs root and setpriv to become someone else");
    try (SandboxPool pool = Pools.open(Pools.twoWorkers(), tier, Pools.asOrdinaryUser())) {
      List<CorpusProgram> programs = everything();
      if (!Pools.longTests()) {
        // Who one is matters to the system, not to Python: its part of the corpus, and all of the
        // rest on demand.
        programs.removeIf(p -> !p.name().matches("(attacks/(sys|fi|net)|honest).*"));
      }
      judgeAll(pool, programs);
    }
  }

  private static List<CorpusProgram> everything() {
    List<CorpusProgram> programs = new ArrayList<>(CorpusProgram.in("attacks"));
    programs.addAll(CorpusProgram.in("honest"));
    return programs;
  }

  private static void judgeAll(SandboxPool pool, List<CorpusProgram> programs) {
    Map<CorpusProgram, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
    programs.forEach(program -> verdicts.put(program, pool.submit(program.job())));
    SoftAssertions softly = new SoftAssertions();
    verdicts.forEach(
        (program, future) -> {
          Verdict verdict = future.join();
          softly
              .assertThat(verdict.outcomeName())
              .as("%s: %s", program.name(), verdict)
              .isIn(program.outcomes());
          softly
              .assertThat(verdict.passRate().orElse(-1))
              .as("pass rate of %s: %s", program.name(), verdict)
              .isCloseTo(program.rate().orElse(-1), org.assertj.core.api.Assertions.within(1e-3));
        });
    softly.assertAll();
  }
}
