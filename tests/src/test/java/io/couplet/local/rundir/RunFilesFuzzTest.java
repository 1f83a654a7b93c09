package io.couplet.local.rundir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged stamps and addresses in a run directory. */
class RunFilesFuzzTest {
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;

  @TempDir Path directory;

  @Test
  void everyDamagedStampIsReadOrRefusedByNamingIt() throws Exception {
    RunDirectory run = run();
    Fuzzing.run(
        Fuzzing.inputs(1_000),
        damage("stamp", "{\"format\": 1, \"problems_sent\": 12}"),
        MOST_BYTES_PER_INPUT,
        input -> {
          Files.write(run.manifest(), input);
          try {
            RunManifest read = RunManifest.open(run);
            assertThat(read.format()).isBetween(1, RunManifest.FORMAT);
            assertThat(read.problemsSent()).isNotNegative();
          } catch (IOException e) {
            assertThat(e).hasMessageContaining(run.path().toString());
            throw new Refusal(e);
          }
        });
  }

  @Test
  void bytesThatLookLikeAnotherEncodingAreDamageAsWell() throws Exception {
    RunDirectory run = run();
    byte[] zeros = {'{', 0, 0, 0, 0, 0, 0, 0, ' ', '1', '}'};
    Files.write(run.manifest(), zeros);
    Files.write(run.endpoints(), zeros);
    assertThatThrownBy(() -> RunManifest.open(run))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(run.manifest() + " is not the stamp of a run directory");
    assertThat(Endpoints.read(run)).isEmpty();
  }

  @Test
  void everyDamagedAddressIsReadOrPassedOver() throws Exception {
    RunDirectory run = run();
    Fuzzing.run(
        Fuzzing.inputs(1_000),
        damage(
            "addresses",
            "{\"pid\": 7, \"kafka\": \"127.0.0.1:9092\", \"controllerPort\": 9093, \"web\":"
                + " \"http://127.0.0.1:8081\", \"metrics\": \"http://127.0.0.1:9250/\","
                + " \"workers\": [\"127.0.0.1:7070\"]}"),
        MOST_BYTES_PER_INPUT,
        input -> {
          Files.write(run.endpoints(), input);
          Optional<Endpoints> read = Endpoints.read(run);
          if (read.isEmpty()) {
            throw new Refusal(null);
          }
          assertThat(read.get().kafkaPort()).isBetween(0, 65_535);
          assertThat(read.get().webPort()).isBetween(0, 65_535);
          assertThat(read.get().metricsPort()).isBetween(0, 65_535);
        });
  }

  private RunDirectory run() throws IOException {
    RunDirectory run = new RunDirectory(directory.resolve("fuzzed"));
    Files.createDirectories(run.path());
    return run;
  }

  private static Damage damage(String name, String whole) {
    return new Damage(name, List.of(whole.getBytes(StandardCharsets.UTF_8)));
  }
}
