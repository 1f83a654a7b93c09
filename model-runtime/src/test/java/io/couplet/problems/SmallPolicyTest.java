package io.couplet.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallPolicyTest {
  private static final Path REPOSITORY_POLICY = Path.of("..", "policies", "base", "config.json");

  @Test
  void theDefaultSizeIsThatOfThePolicyInTheRepository() throws IOException {
    assertThat(SmallPolicy.config()).isEqualTo(ModelConfig.read(REPOSITORY_POLICY));
  }

  @Test
  void aWiderPolicyHasMoreHeadsOfTheSameSize() {
    ModelConfig wide = SmallPolicy.config(384, 6);

    assertThat(wide.hiddenSize() / wide.attentionHeads()).isEqualTo(32);
    assertThat(wide.attentionHeads()).isEqualTo(2 * wide.keyValueHeads());
    assertThat(wide.intermediateSize()).isEqualTo(960);
    assertThat(wide.hiddenLayers()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {-64, 0, 32, 100})
  void aWidthThatHeadsDoNotFillIsRefused(int width) {
    assertThatThrownBy(() -> SmallPolicy.config(width, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The width must be a multiple of 64 (heads of 32, two for each key-value head), found "
                + width);
  }

  @Test
  void aPolicyWithoutLayersIsRefused() {
    assertThatThrownBy(() -> SmallPolicy.config(128, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A policy needs at least 1 layer, found 0");
  }
}
