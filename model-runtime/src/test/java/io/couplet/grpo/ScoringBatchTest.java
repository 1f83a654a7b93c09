package io.couplet.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoringBatchTest {
  private static final int MASK = 99;
  private static final int LENGTH = 16;
  private static final ScoringSettings SETTINGS =
      new ScoringSettings(Estimator.COUPLED, Normalization.RELEASED, 1, 2, 0.2f, 0.8f);

  private static List<CompletedPrompt> group(String name, int members, int... prompt) {
    List<CompletedPrompt> samples = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      int[] completion = new int[LENGTH];
      Arrays.setAll(completion, k -> 10 + k);
      completion[0] = 50 + m;
      samples.add(new CompletedPrompt(name, m, prompt, completion));
    }
    return samples;
  }

  private static ScoringBatch batch(List<CompletedPrompt> samples) {
    return ScoringBatch.of(samples, 7, 0, SETTINGS, MASK);
  }

  @Test
  void membersOfAGroupShareTheRowOfTheirFullyMaskedCompletion() {
    List<CompletedPrompt> samples = new ArrayList<>(group("a", 3, 1, 2));
    samples.addAll(group("b", 3, 1, 3));

    ScoringBatch batch = batch(samples);

    assertThat(batch.rows()).hasSize(2 * (1 + 2 * 3)).doesNotHaveDuplicates();
    assertThat(batch.rows().get(0)).startsWith(1, 2).endsWith(fullyMasked());
  }

  private static int[] fullyMasked() {
    int[] masked = new int[LENGTH];
    Arrays.fill(masked, MASK);
    return masked;
  }

  @Test
  void everyQueryAsksItsOwnRowForItsOwnToken() {
    List<CompletedPrompt> samples = group("a", 4, 5, 6, 7);
    ScoringBatch together = batch(samples);
    int entry = 0;
    for (CompletedPrompt sample : samples) {
      ScoringBatch alone = batch(List.of(sample));
      for (int i = 0; i < alone.targets().length; i++, entry++) {
        assertThat(together.rows().get(together.queryRow()[entry]))
            .isEqualTo(alone.rows().get(alone.queryRow()[i]));
        assertThat(together.queryPosition()[entry]).isEqualTo(alone.queryPosition()[i]);
        assertThat(together.targets()[entry]).isEqualTo(alone.targets()[i]);
      }
    }
    assertThat(entry).isEqualTo(together.targets().length);
  }
}
