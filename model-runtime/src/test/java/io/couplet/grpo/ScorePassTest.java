package io.couplet.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScorePassTest {
  private static final int LENGTH = 40;

  private static ScoringSettings settings(
      Estimator estimator, Normalization normalization, int pairs) {
    return new ScoringSettings(estimator, normalization, pairs, 2, 0.2f, 0.8f);
  }

  private static List<ScorePass> passes(ScoringSettings settings, String group, int member) {
    return ScorePass.of(settings, 11, group, member, 0, LENGTH);
  }

  @Test
  void coupledMasksCoverEveryTokenExactlyOnce() {
    for (int member = 0; member < 200; member++) {
      List<ScorePass> passes =
          passes(settings(Estimator.COUPLED, Normalization.PAIR_MEAN, 3), "g", member);
      for (int k = 0; k < LENGTH; k++) {
        int token = k;
        assertThat(passes.stream().filter(pass -> pass.masked()[token]).count()).isEqualTo(3);
      }
    }
  }

  @Test
  void aTieBetweenUniformAndRatioFallsIntoTheComplement() {
    CoupledMasks mask = new CoupledMasks(0.5, new boolean[] {true, false});
    assertThat(mask.complement().masked()).containsExactly(false, true);
    assertThat(mask.complement().ratio()).isEqualTo(0.5);
  }

  @Test
  void normalizationsDivideByTheirNumberOfPasses() {
    assertThat(shareOfFullPass(Normalization.RELEASED, 2)).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(shareOfFullPass(Normalization.MEAN, 2)).isCloseTo(1 / 5.0, within(1e-12));
    ScorePass masked =
        passes(settings(Estimator.COUPLED, Normalization.PAIR_MEAN, 2), "g", 0).get(0);
    CoupledMasks mask =
        CoupledMasks.draw(
            11, "g", 0, 0, 0, LENGTH, settings(Estimator.COUPLED, Normalization.PAIR_MEAN, 2));
    assertThat(masked.masked()).isEqualTo(mask.masked());
    assertThat(masked.share()).isCloseTo(1 / (4 * mask.ratio()), within(1e-12));
  }

  private static double shareOfFullPass(Normalization normalization, int pairs) {
    ScorePass full = passes(settings(Estimator.COUPLED, normalization, pairs), "g", 0).get(0);
    assertThat(full.masked()).doesNotContain(false);
    return full.share();
  }

  @Test
  void releasedNormalizationWeighsATokenThreeHalvesInTheMean() {
    double weight = 0;
    int members = 4000;
    for (int member = 0; member < members; member++) {
      for (ScorePass pass :
          passes(settings(Estimator.COUPLED, Normalization.RELEASED, 1), "g", member)) {
        weight += pass.masked()[0] ? pass.share() / members : 0;
      }
    }
    assertThat(weight).isCloseTo(1.5, within(0.05));
  }

  @Test
  void fullMaskIsOnePassOverEverything() {
    List<ScorePass> passes =
        passes(settings(Estimator.FULL_MASK, Normalization.RELEASED, 1), "g", 0);
    assertThat(passes).hasSize(1);
    assertThat(passes.get(0).share()).isEqualTo(1);
    assertThat(passes.get(0).masked()).doesNotContain(false);
  }

  @Test
  void decoupledMasksAreIndependentAndLeaveSomeTokensToTheFullPass() {
    List<ScorePass> passes =
        passes(settings(Estimator.DECOUPLED, Normalization.RELEASED, 1), "g", 0);
    assertThat(passes).hasSize(3);
    Set<Integer> times = new HashSet<>();
    for (int k = 0; k < LENGTH; k++) {
      times.add((passes.get(1).masked()[k] ? 1 : 0) + (passes.get(2).masked()[k] ? 1 : 0));
    }
    assertThat(times).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void everySequenceAndEveryInnerIterationHasARatioAndAMaskOfItsOwn() {
    ScoringSettings settings = settings(Estimator.COUPLED, Normalization.RELEASED, 2);
    Set<Double> ratios = new HashSet<>();
    Set<String> masks = new HashSet<>();
    int count = 0;
    for (String group : List.of("a", "b")) {
      for (int member = 0; member < 4; member++) {
        for (int inner = 0; inner < 2; inner++) {
          for (int pair = 0; pair < 2; pair++, count++) {
            CoupledMasks mask = CoupledMasks.draw(11, group, member, inner, pair, LENGTH, settings);
            assertThat(mask.ratio()).isBetween(0.2, 0.8);
            ratios.add(mask.ratio());
            masks.add(Arrays.toString(mask.masked()));
          }
        }
      }
    }
    assertThat(ratios).hasSize(count);
    assertThat(masks).hasSize(count);
  }

  @Test
  void masksOfManySequencesAreNotDrawnFromASmallPoolOfSeeds() {
    ScoringSettings settings = settings(Estimator.COUPLED, Normalization.RELEASED, 1);
    Set<Double> ratios = new HashSet<>();
    int sequences = 20_000;
    for (int i = 0; i < sequences; i++) {
      ratios.add(CoupledMasks.draw(11, "g" + i / 10, i % 10, 0, 0, 1, settings).ratio());
    }
    assertThat(ratios).hasSize(sequences);
  }

  @Test
  void aMaskDependsOnItsNameAlone() {
    ScoringSettings settings = settings(Estimator.COUPLED, Normalization.RELEASED, 1);
    CoupledMasks first = CoupledMasks.draw(11, "g", 3, 1, 0, LENGTH, settings);
    CoupledMasks.draw(12, "other", 0, 0, 0, LENGTH, settings);
    CoupledMasks again = CoupledMasks.draw(11, "g", 3, 1, 0, LENGTH, settings);
    assertThat(again.ratio()).isEqualTo(first.ratio());
    assertThat(again.masked()).isEqualTo(first.masked());
  }

  @Test
  void theShareOfMaskedTokensFollowsTheRatio() {
    ScoringSettings settings = settings(Estimator.COUPLED, Normalization.RELEASED, 1);
    double excess = 0;
    for (int member = 0; member < 2000; member++) {
      CoupledMasks mask = CoupledMasks.draw(5, "g", member, 0, 0, LENGTH, settings);
      for (boolean masked : mask.masked()) {
        excess += (masked ? 1 : 0) - mask.ratio();
      }
    }
    assertThat(excess / (2000 * LENGTH)).isCloseTo(0, within(0.01));
  }
}
