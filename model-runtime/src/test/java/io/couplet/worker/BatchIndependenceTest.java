package io.couplet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.decoding.BatchDecoder;
import io.couplet.decoding.Completion;
import io.couplet.decoding.DecodingSettings;
import io.couplet.decoding.DenoisingRow;
import io.couplet.decoding.PlainDecoder;
import io.couplet.random.RandomStream;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a sample of the real engine is free of what else is decoded with it: to the last bit. */
class BatchIndependenceTest {
  private static final DecodingSettings SETTINGS = DecodingSettings.defaults(20, 1);
  private static final String PROMPT = "def add(a, b):";

  @TempDir static Path directory;
  private static TorchLoadedPolicy policy;

  @BeforeAll
  static void load() throws IOException {
    policy =
        TorchLoadedPolicy.load(
            SmallPolicies.write(directory, 5), ComputeDevice.CPU, Precision.FLOAT32);
  }

  @AfterAll
  static void close() {
    policy.close();
  }

  @Test
  void batchMatesOfAnyLengthAndNumberChangeNoBitOfASample() {
    List<Completion> alone = decode(group(PROMPT, "g", 2));
    for (String other : List.of("x", "def longer_than_the_other(value):", PROMPT)) {
      for (int mates : new int[] {1, 3, 14}) {
        List<DenoisingRow> mine = group(PROMPT, "g", 2);
        List<DenoisingRow> all = new ArrayList<>(group(other, "other", mates));
        all.addAll(mine);
        decode(all);
        assertThat(mine.stream().map(DenoisingRow::completion).toList())
            .as("%d mates with prompt %s", mates, other)
            .usingRecursiveComparison()
            .isEqualTo(alone);
      }
    }
  }

  @Test
  void theSavingsChangeNoToken() {
    List<Completion> plain =
        new PlainDecoder(policy.denoiser())
            .decode(policy.encode(PROMPT), SETTINGS, policy.special(), streams("g", 4));
    assertThat(decode(group(PROMPT, "g", 4)))
        .usingRecursiveComparison()
        .ignoringFields("confidences")
        .isEqualTo(plain);
  }

  private static List<Completion> decode(List<DenoisingRow> rows) {
    return new BatchDecoder(policy.denoiser(), 64).decode(rows);
  }

  private static List<DenoisingRow> group(String prompt, String group, int members) {
    int[] ids = policy.encode(prompt);
    return streams(group, members).stream()
        .map(stream -> new DenoisingRow(ids, SETTINGS, policy.special(), stream))
        .toList();
  }

  private static List<RandomStream> streams(String group, int members) {
    return IntStream.range(0, members)
        .mapToObj(member -> RandomStream.named(3, Protocol.ROLLOUT, group, member))
        .toList();
  }
}
