package io.couplet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsBackWhatWasWritten(boolean tied) throws IOException {
    ModelConfig config = TinyModels.config(tied, "float32");
    TinyModels.write(directory, config);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertThat(checkpoint.config()).isEqualTo(config);
      for (String name : DreamTensors.names(config)) {
        assertThat(checkpoint.readFloat32(name)).isEqualTo(TinyModels.weights(config).read(name));
      }
    }
  }

  @Test
  void aTiedModelHasNoTensorForTheOutputProjection() {
    assertThat(DreamTensors.names(TinyModels.config(true, "float32")))
        .doesNotContain(DreamTensors.OUTPUT);
    assertThat(DreamTensors.names(TinyModels.config(false, "float32")))
        .endsWith(DreamTensors.FINAL_NORM, DreamTensors.OUTPUT);
  }
}
