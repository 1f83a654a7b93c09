package io.couplet.learner;

import io.couplet.files.FileTrees;
import io.couplet.policy.BlobReference;
import io.couplet.policy.ObjectStore;
import io.couplet.policy.PolicyReference;
import io.couplet.policy.PolicyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Policies and trainer states in the policy store of a run. A store belongs to one run: what the
 * learner published and nobody needs any more is deleted from it. Not thread-safe.
 */
public final class LearnerStore implements AutoCloseable {
  private final ObjectStore objects;
  private final PolicyStore policies;
  private final Path scratch;

  /**
   * @param scratch local directory for files on their way to the store; created on demand
   */
  public LearnerStore(ObjectStore objects, Path scratch) {
    this.objects = objects;
    this.policies = new PolicyStore(objects, scratch.resolve("cache"));
    this.scratch = scratch;
  }

  /** A policy in the store and how large it is. */
  public record Published(PolicyReference reference, long sizeBytes) {}

  /**
   * Publishes the trainer's current policy; the same weights always get the same address.
   *
   * @throws DiskFullException there is no room; nothing of the policy is visible
   */
  public Published publish(long version, Trainer trainer) throws IOException {
    return written(
        "Policy version " + version,
        directory -> {
          trainer.writePolicy(directory);
          return new Published(policies.publish(version, directory), size(directory));
        });
  }

  /**
   * @throws DiskFullException there is no room; nothing of the state is visible
   */
  public BlobReference saveState(Trainer trainer) throws IOException {
    return written(
        "The trainer's state",
        directory -> {
          Path file = directory.resolve("state.safetensors");
          trainer.exportState(file);
          return policies.publishBlob(file);
        });
  }

  private interface Writing<T> {
    T in(Path directory) throws IOException;
  }

  private <T> T written(String what, Writing<T> writing) throws IOException {
    try {
      Files.createDirectories(scratch);
      Path directory = Files.createTempDirectory(scratch, "outgoing");
      try {
        return writing.in(directory);
      } finally {
        FileTrees.delete(directory);
      }
    } catch (IOException e) {
      throw DiskFullException.named(what, objects.uri("policies"), e);
    }
  }

  /**
   * Brings the trainer to a saved state.
   *
   * @throws io.couplet.policy.UnverifiablePolicyException the state is absent or damaged
   */
  public void restoreState(Trainer trainer, BlobReference state) throws IOException {
    trainer.importState(policies.fetchBlob(state));
  }

  /** A local copy of a policy, verified. */
  public Path fetch(PolicyReference reference) throws IOException {
    return policies.fetch(reference);
  }

  public void deleteBlob(String uri) throws IOException {
    var name = objects.nameOf(uri);
    if (name.isPresent()) {
      objects.delete(name.get());
    }
  }

  /** Deletes a policy, its manifest first, so that it disappears as a whole. */
  public void deletePolicy(String uri) throws IOException {
    var prefix = objects.nameOf(uri);
    if (prefix.isEmpty()) {
      return;
    }
    List<String> names = objects.list(prefix.get() + "/");
    for (String name :
        names.stream().sorted(Comparator.comparing(name -> !name.endsWith(".sha256"))).toList()) {
      objects.delete(name);
    }
  }

  /** Deletes the local scratch directory; the store itself stays. */
  @Override
  public void close() throws IOException {
    FileTrees.delete(scratch);
  }

  private static long size(Path directory) throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
    }
    return size;
  }
}
