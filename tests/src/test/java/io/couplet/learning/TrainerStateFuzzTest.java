package io.couplet.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.files.InvalidFileException;
import io.couplet.files.Sha256;
import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import io.couplet.model.ModelConfig;
import io.couplet.pretraining.InitialWeights;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainer states with damage, as they would be read if no hash had refused them before: read whole,
 * or refused with the weights as they were.
 */
class TrainerStateFuzzTest {
  private static final String FORMAT = "fuzzed-1";
  private static final long MOST_BYTES_PER_INPUT = 4 << 20;

  @TempDir Path directory;

  @Test
  void everyDamagedStateIsReadWholeOrRefusedWithTheWeightsAsTheyWere() throws Exception {
    ModelConfig model =
        new ModelConfig(
            "Dream", 5, 4, 4, 1, 1, 1, 16, 100, 1e-6, false, true, 2, 0, 1, 1, "float32");
    DreamModule module = new DreamModule(model, ComputeDevice.CPU);
    DreamWeights weights = DreamWeights.zeros(module);
    weights.fill(new InitialWeights(model, 3));
    Path whole = directory.resolve("whole.safetensors");
    TrainerStateFile.write(
        whole, FORMAT, Map.of("updates", "12", "seed", "7"), Map.of("weights", weights));
    DreamWeights into = DreamWeights.zeros(module);
    loadWhatHashesMuch();
    Path file = directory.resolve("damaged.safetensors");
    Fuzzing.run(
        Fuzzing.inputs(500),
        new Damage("trainer states", List.of(Files.readAllBytes(whole))),
        MOST_BYTES_PER_INPUT,
        input -> {
          Files.write(file, input);
          String before = into.sha256();
          try (TrainerStateFile.Reading state = TrainerStateFile.Reading.open(file, FORMAT)) {
            state.number("updates");
            state.readAll(Map.of("weights", into));
          } catch (InvalidFileException e) {
            assertThat(e).hasMessageStartingWith(file + ": ");
            assertThat(into.sha256()).isEqualTo(before);
            throw new Refusal(e);
          }
        });
    module.close();
  }

  /** Once in a process, after some tens of megabytes; it must not count as what an input takes. */
  private static void loadWhatHashesMuch() {
    byte[] megabyte = new byte[1 << 20];
    for (int i = 0; i < 64; i++) {
      Sha256.of(megabyte);
    }
  }
}
