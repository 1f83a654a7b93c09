package io.couplet.local.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged {@code metrics.jsonl}: gone on with, or refused by naming file and line. */
class MetricsJournalFuzzTest {
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;
  private static final String LINES =
      """
      {"step":0,"version":0,"weights_sha256":"ab","held_out_pass@1":0.5,"held_out_step":0}
      {"step":1,"version":1,"skipped":false,"reward_mean":0.25,"loss":null,"seconds":{"learning":1.5}}
      """;

  @TempDir Path directory;

  @Test
  void everyDamagedFileIsGoneOnWithOrNamed() throws Exception {
    Path file = directory.resolve("metrics.jsonl");
    Fuzzing.run(
        Fuzzing.inputs(1_000),
        new Damage("metrics", List.of(LINES.getBytes(StandardCharsets.UTF_8))),
        MOST_BYTES_PER_INPUT,
        input -> {
          Files.write(file, input);
          try {
            MetricsJournal.open(file);
          } catch (IOException e) {
            assertThat(e).hasMessageStartingWith(file + ", line ");
            throw new Refusal(e);
          }
        });
  }
}
