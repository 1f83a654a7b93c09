package io.couplet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.fuzz.Damage;
import io.couplet.fuzz.Fuzzing;
import io.couplet.fuzz.Fuzzing.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damaged policy manifests: no names but plain ones, no hashes but hashes. */
class PolicyManifestFuzzTest {
  private static final long MOST_BYTES_PER_INPUT = 1 << 20;
  private static final String MANIFEST =
      "%s  config.json%n%s  model.safetensors%n%s  tokenizer.json%n"
          .formatted("ab".repeat(32), "01".repeat(32), "cd".repeat(32));

  @Test
  void everyDamagedManifestIsReadOrRefused() throws Exception {
    Fuzzing.run(
        Fuzzing.inputs(20_000),
        new Damage("manifests", List.of(MANIFEST.getBytes(StandardCharsets.UTF_8))),
        MOST_BYTES_PER_INPUT,
        input -> {
          PolicyManifest manifest =
              PolicyManifest.parse(input).orElseThrow(() -> new Refusal(null));
          manifest
              .sha256ByName()
              .forEach(
                  (name, hash) -> {
                    assertThat(name).doesNotContain("/").doesNotStartWith(".");
                    assertThat(hash).matches("[0-9a-f]{64}");
                  });
        });
  }
}
