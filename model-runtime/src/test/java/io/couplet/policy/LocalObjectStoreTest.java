package io.couplet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest {
  @TempDir Path directory;

  @Test
  void whatADeadProcessWasWritingGoesAndWhatALiveOneWritesStays() throws Exception {
    new LocalObjectStore(directory);
    Path incoming = directory.resolve(".incoming");
    Path abandoned = Files.writeString(incoming.resolve("abandoned"), "half a policy");
    Path growing = Files.writeString(incoming.resolve("growing"), "half a policy");
    Files.setLastModifiedTime(
        abandoned, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));

    LocalObjectStore store = new LocalObjectStore(directory);
    assertThat(abandoned).doesNotExist();
    assertThat(growing).exists();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void aDirectoryGoesWithItsLastObject() throws Exception {
    LocalObjectStore store = new LocalObjectStore(directory.resolve("store"));
    Path content = Files.writeString(directory.resolve("content"), "content");
    store.put("policies/a/model", content);
    store.put("policies/a/config", content);
    store.delete("policies/a/model");
    assertThat(store.list("policies/")).containsExactly("policies/a/config");
    store.delete("policies/a/config");
    store.delete("policies/a/config");
    assertThat(directory.resolve("store/policies")).isEmptyDirectory();
  }
}
