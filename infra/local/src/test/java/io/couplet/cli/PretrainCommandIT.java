package io.couplet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.problems.SmallPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainCommandIT {
  @TempDir private Path temporary;

  @Test
  void aPolicyOfAnotherSizeIsTrainedAndIsAPolicyDirectory() throws Exception {
    Path out = temporary.resolve("wide");

    Executed trained = pretrain(out, "--width", "192", "--layers", "2");

    assertThat(trained.code()).as(trained.err()).isZero();
    try (Checkpoint checkpoint = Checkpoint.open(out)) {
      assertThat(checkpoint.config()).isEqualTo(SmallPolicy.config(192, 2));
    }
    assertThat(pretrain(out).err()).contains("already holds a policy");
  }

  @Test
  void aSizeThatCannotBeIsRefusedBeforeAnythingIsWritten() {
    Path out = temporary.resolve("odd");

    Executed refused = pretrain(out, "--width", "100");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("multiple of 64").contains("found 100");
    assertThat(out).doesNotExist();
  }

  private static Executed pretrain(Path out, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("pretrain", "--out", out.toString(), "--steps", "2"));
    arguments.addAll(List.of(options));
    return Executed.command(arguments.toArray(String[]::new));
  }
}
