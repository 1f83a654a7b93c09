package io.couplet.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.checkpoint.Checkpoint;
import io.couplet.checkpoint.TinyModels;
import io.couplet.files.Sha256;
import io.couplet.model.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyStoreTest {
  @TempDir Path directory;
  private Path model;
  private Path root;
  private PolicyStore store;

  @BeforeEach
  void publishAModel() throws IOException {
    model = TinyModels.write(directory.resolve("model"), TinyModels.config(false, "float32"));
    root = directory.resolve("store");
    store = PolicyStore.local(root);
  }

  @Test
  void aPublishedPolicyIsFetchedWithItsContent() throws IOException {
    PolicyReference reference = store.publish(3, model);
    assertThat(reference.version()).isEqualTo(3);
    assertThat(reference.sha256()).isEqualTo(PolicyStore.describe(0, model).sha256());
    try (Checkpoint fetched = Checkpoint.open(store.fetch(reference))) {
      ModelConfig config = TinyModels.config(false, "float32");
      assertThat(fetched.config()).isEqualTo(config);
    }
    assertThat(store.policies()).containsExactly(reference.sha256());
  }

  @Test
  void theContentAddressIsTheHashOfTheManifest() throws IOException {
    PolicyReference reference = store.publish(0, model);
    Path manifest = store.fetch(reference).resolve("MANIFEST.sha256");
    assertThat(Sha256.of(manifest)).isEqualTo(reference.sha256());
    assertThat(Files.readAllLines(manifest))
        .contains(Sha256.of(model.resolve("config.json")) + "  config.json")
        .isSortedAccordingTo((a, b) -> a.substring(66).compareTo(b.substring(66)));
  }

  @Test
  void theSameContentHasTheSameAddressAndAnotherContentAnother() throws IOException {
    PolicyReference first = store.publish(1, model);
    PolicyReference again = store.publish(2, model);
    assertThat(again.sha256()).isEqualTo(first.sha256());
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    assertThat(store.publish(3, model).sha256()).isNotEqualTo(first.sha256());
    assertThat(store.policies()).hasSize(2);
  }

  @Test
  void aPolicyOutsideTheStoreIsVerifiedWhereItIs() throws IOException {
    PolicyReference reference = PolicyStore.describe(0, model);
    assertThat(store.fetch(reference)).isEqualTo(model.toAbsolutePath());
    Files.writeString(model.resolve("config.json"), "{}");
    assertThatThrownBy(() -> store.fetch(reference))
        .isInstanceOf(UnverifiablePolicyException.class)
        .hasMessageContaining(reference.sha256());
  }

  @ParameterizedTest
  @ValueSource(strings = {"altered", "truncated", "missing", "extra", "manifest"})
  void aDamagedPolicyIsRefusedAndPublishingAgainRepairsIt(String damage) throws IOException {
    PolicyReference reference = store.publish(7, model);
    Path stored = store.fetch(reference);
    Path weights = stored.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    switch (damage) {
      case "altered" -> {
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
      }
      case "truncated" -> Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
      case "missing" -> Files.delete(weights);
      case "extra" -> Files.writeString(stored.resolve("extra.json"), "{}");
      default -> Files.delete(stored.resolve("MANIFEST.sha256"));
    }
    assertThatThrownBy(() -> store.fetch(reference))
        .isInstanceOf(UnverifiablePolicyException.class)
        .hasMessageContaining("Policy version 7")
        .hasMessageContaining(damage.equals("manifest") ? "incomplete" : reference.sha256());
    if (!damage.equals("extra")) {
      assertThat(store.publish(7, model)).isEqualTo(reference);
      assertThat(store.fetch(reference)).isEqualTo(stored);
    }
  }

  @Test
  void absentPoliciesAndForeignReferencesAreRefused() throws IOException {
    PolicyReference reference = store.publish(1, model);
    String other = "0".repeat(64);
    for (PolicyReference wrong :
        List.of(
            new PolicyReference(1, reference.uri(), other),
            new PolicyReference(1, reference.uri(), "../escape"),
            new PolicyReference(1, reference.uri().replace(reference.sha256(), other), other),
            new PolicyReference(1, "s3://elsewhere/policies/x", other))) {
      assertThatThrownBy(() -> store.fetch(wrong)).isInstanceOf(UnverifiablePolicyException.class);
    }
  }

  @Test
  void anInterruptedPublicationIsNeverVisible() throws IOException {
    LocalObjectStore objects = new LocalObjectStore(root);
    PolicyReference reference = PolicyStore.describe(1, model);
    for (int completed = 0; completed < 4; completed++) {
      PolicyStore failing =
          new PolicyStore(new RemoteStore(objects, completed), directory.resolve("cache"));
      assertThatThrownBy(() -> failing.publish(1, model)).hasMessage("the disk is full");
      assertThat(failing.policies()).isEmpty();
      PolicyReference inStore =
          new PolicyReference(1, objects.uri("policies/" + reference.sha256()), reference.sha256());
      assertThatThrownBy(() -> store.fetch(inStore))
          .isInstanceOf(UnverifiablePolicyException.class);
    }
    store.fetch(store.publish(1, model));
  }

  @Test
  void aRemotePolicyIsDownloadedOnceAndVerified() throws IOException {
    RemoteStore remote = new RemoteStore(new LocalObjectStore(root), Integer.MAX_VALUE);
    PolicyStore distant = new PolicyStore(remote, directory.resolve("cache"));
    PolicyReference reference = store.publish(1, model);
    Path copy = distant.fetch(reference);
    int opened = remote.opened;
    assertThat(copy).startsWith(directory.resolve("cache"));
    assertThat(distant.fetch(reference)).isEqualTo(copy);
    assertThat(remote.opened).isEqualTo(opened);

    Files.writeString(copy.resolve("config.json"), "{}");
    assertThat(distant.fetch(reference)).isEqualTo(copy);
    assertThat(copy.resolve("config.json")).hasSameBinaryContentAs(model.resolve("config.json"));

    distant.retainPolicies(List.of());
    assertThat(copy).doesNotExist();
    assertThatThrownBy(() -> distant.fetch(reference))
        .isInstanceOf(UnverifiablePolicyException.class);
  }

  @Test
  void retentionDeletesWholePoliciesThatAreNotNamed() throws IOException {
    PolicyReference first = store.publish(1, model);
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    PolicyReference second = store.publish(2, model);
    store.retainPolicies(List.of(second.sha256()));
    assertThat(store.policies()).containsExactly(second.sha256());
    assertThat(root.resolve("policies").resolve(first.sha256())).doesNotExist();
    store.fetch(second);
  }

  @Test
  void blobsAreFoundByTheirHash() throws IOException {
    Path state = Files.writeString(directory.resolve("state"), "moments");
    BlobReference reference = store.publishBlob(state);
    assertThat(store.fetchBlob(reference)).hasContent("moments");
    assertThat(reference.size()).isEqualTo(7);
    assertThatThrownBy(
            () -> store.fetchBlob(new BlobReference(reference.uri(), reference.sha256(), 8)))
        .isInstanceOf(UnverifiablePolicyException.class)
        .hasMessageContaining("has 7 bytes");
    Files.writeString(store.fetchBlob(reference), "momentz");
    assertThatThrownBy(() -> store.fetchBlob(reference))
        .isInstanceOf(UnverifiablePolicyException.class);
    store.publishBlob(state);
    assertThat(store.fetchBlob(reference)).hasContent("moments");
    store.retainBlobs(List.of());
    assertThatThrownBy(() -> store.fetchBlob(reference)).hasMessageContaining("is absent");
  }

  /** A store without local paths that refuses to write after some objects. */
  private static final class RemoteStore implements ObjectStore {
    private final ObjectStore objects;
    private int writesLeft;
    private int opened;

    RemoteStore(ObjectStore objects, int writes) {
      this.objects = objects;
      this.writesLeft = writes;
    }

    @Override
    public void put(String name, Path content) throws IOException {
      if (writesLeft-- == 0) {
        throw new IOException("the disk is full");
      }
      objects.put(name, content);
    }

    @Override
    public InputStream open(String name) throws IOException {
      opened++;
      return objects.open(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
      return objects.exists(name);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
      return objects.list(prefix);
    }

    @Override
    public void delete(String name) throws IOException {
      objects.delete(name);
    }

    @Override
    public String uri(String name) {
      return objects.uri(name);
    }

    @Override
    public Optional<String> nameOf(String uri) {
      return objects.nameOf(uri);
    }

    @Override
    public Optional<Path> localPath(String name) {
      return Optional.empty();
    }
  }
}
