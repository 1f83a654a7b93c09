package io.couplet.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalViewTest {
  @TempDir Path directory;

  @Test
  void localOnesAreNotCopied() throws Exception {
    assertThat(LocalView.of("/policies/base", directory)).isEqualTo(Path.of("/policies/base"));
    assertThat(LocalView.of("file:///policies/base", directory))
        .isEqualTo(Path.of("/policies/base"));
    assertThat(directory).isEmptyDirectory();
  }
}
