package io.couplet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.policy.LocalObjectStore;
import io.couplet.policy.ObjectStore;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkObjectStoreTest {
  @TempDir Path directory;

  private ObjectStore store() throws IOException {
    return new FlinkObjectStore(directory.resolve("store").toUri().toString());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "f", null), text);
  }

  private static String read(ObjectStore store, String name) throws IOException {
    try (InputStream in = store.open(name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void objectsAreReplacedListedAndDeleted() throws Exception {
    ObjectStore store = store();
    store.put("a/b/c", file("one"));
    store.put("a/b/c", file("two"));
    store.put("a/d", file("three"));
    assertThat(read(store, "a/b/c")).isEqualTo("two");
    assertThat(store.list("a/")).containsExactly("a/b/c", "a/d");
    assertThat(store.list("a/b")).containsExactly("a/b/c");
    assertThat(store.list("nothing/")).isEmpty();
    store.delete("a/b/c");
    store.delete("a/b/c");
    assertThat(store.exists("a/b/c")).isFalse();
    assertThat(store.list("")).containsExactly("a/d");
    assertThatThrownBy(() -> store.open("a/b/c")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void urisLeadBackToNames() throws Exception {
    ObjectStore store = store();
    assertThat(store.nameOf(store.uri("a/b"))).contains("a/b");
    assertThat(store.nameOf("s3://elsewhere/a/b")).isEmpty();
    assertThatThrownBy(() -> store.uri("../out")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPolicyStoreOnItFetchesWhatItPublished() throws Exception {
    Path policy = Files.createDirectory(directory.resolve("policy"));
    Files.writeString(policy.resolve("config.json"), "{}");
    Files.writeString(policy.resolve("model.safetensors"), "weights");
    PolicyStore policies = new PolicyStore(store(), directory.resolve("cache"));
    PolicyReference reference = policies.publish(3, policy);
    assertThat(policies.fetch(reference).resolve("model.safetensors")).hasContent("weights");
  }

  @Test
  void fileUrisAndPlainPathsAreLocalStores() throws Exception {
    assertThat(ObjectStores.open(directory.toUri().toString()))
        .isInstanceOf(LocalObjectStore.class);
    assertThat(ObjectStores.open(directory.toString())).isInstanceOf(LocalObjectStore.class);
    assertThatThrownBy(() -> ObjectStores.open("")).hasMessageContaining("policy.store must be");
  }
}
