package io.couplet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.checkpoint.TinyModels;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyStoreTest {
  @TempDir Path directory;

  @Test
  void aPublishedPolicyIsFetchedWithItsContent() throws IOException {
    ModelConfig config = TinyModels.config(false, "float32");
    Path model = TinyModels.write(directory.resolve("model"), config);
    PolicyStore store = PolicyStore.local(directory.resolve("store"));

    PolicyReference reference = store.publish(3, model);

    assertThat(reference.version()).isEqualTo(3);
    assertThat(reference.sha256()).isEqualTo(PolicyStore.describe(0, model).sha256());
    try (Checkpoint fetched = Checkpoint.open(store.fetch(reference))) {
      assertThat(fetched.config()).isEqualTo(config);
    }
  }
}
