package io.couplet.policy;

import io.couplet.files.FileTrees;
import io.couplet.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Local files and directories with the content of stored objects: the store's own files where it is
 * local, downloaded copies otherwise. Content is hashed when first seen and again whenever size,
 * time or identity of a file changed since. Thread-safe.
 */
final class LocalCopies {
  private final ObjectStore objects;
  private final Path cache;
  private final Map<Path, Verified> verified = new ConcurrentHashMap<>();
  private final Map<String, Object> downloads = new ConcurrentHashMap<>();

  /** What a path held when it was hashed. */
  private record Verified(String sha256, String stamp) {}

  LocalCopies(ObjectStore objects, Path cache) {
    this.objects = objects;
    this.cache = cache;
  }

  /** The verified directory of the policy whose objects are below {@code prefix}. */
  Path policy(String prefix, PolicyReference reference) throws IOException {
    Optional<Path> local = objects.localPath(prefix);
    if (local.isPresent()) {
      if (!Files.isRegularFile(local.get().resolve(PolicyManifest.FILE))) {
        throw absent(reference);
      }
      verifyDirectory(local.get(), reference);
      return local.get();
    }
    Path copy = cache.resolve("policies").resolve(reference.sha256());
    synchronized (downloads.computeIfAbsent(reference.sha256(), key -> new Object())) {
      if (!isIntactCopy(copy, reference)) {
        Path incoming = newIncoming();
        try {
          Files.createDirectories(incoming);
          download(prefix, reference, incoming);
          verifyDirectory(incoming, reference);
          moveIntoPlace(incoming, copy);
        } finally {
          FileTrees.delete(incoming);
        }
        verifyDirectory(copy, reference);
      }
      return copy;
    }
  }

  /** A directory that is in no store but must have the content of the reference. */
  Path directory(Path directory, PolicyReference reference) throws IOException {
    verifyDirectory(directory, reference);
    return directory;
  }

  /** The verified file of a blob. */
  Path blob(String name, BlobReference reference) throws IOException {
    Optional<Path> local = objects.localPath(name);
    if (local.isPresent()) {
      verifyFile(local.get(), reference);
      return local.get();
    }
    Path copy = cache.resolve("blobs").resolve(reference.sha256());
    synchronized (downloads.computeIfAbsent(reference.sha256(), key -> new Object())) {
      try {
        verifyFile(copy, reference);
      } catch (UnverifiablePolicyException absentOrDamaged) {
        Path incoming = newIncoming();
        try {
          download(name, incoming, reference.uri());
          verifyFile(incoming, reference);
          moveIntoPlace(incoming, copy);
        } finally {
          FileTrees.delete(incoming);
        }
        verifyFile(copy, reference);
      }
      return copy;
    }
  }

  private void download(String prefix, PolicyReference reference, Path into) throws IOException {
    byte[] text;
    try (InputStream in = objects.open(prefix + PolicyManifest.FILE)) {
      text = in.readNBytes(PolicyManifest.MAX_BYTES);
    } catch (NoSuchFileException e) {
      throw absent(reference);
    }
    PolicyManifest manifest =
        PolicyManifest.parse(text)
            .filter(parsed -> parsed.contentAddress().equals(reference.sha256()))
            .orElseThrow(
                () -> altered(reference, PolicyManifest.FILE + " is damaged or of another policy"));
    for (String name : manifest.sha256ByName().keySet()) {
      download(prefix + name, into.resolve(name), reference.uri());
    }
    Files.write(into.resolve(PolicyManifest.FILE), text);
  }

  private void download(String name, Path into, String uri) throws IOException {
    Files.createDirectories(into.toAbsolutePath().getParent());
    try (InputStream in = objects.open(name)) {
      Files.copy(in, into);
    } catch (NoSuchFileException e) {
      throw new UnverifiablePolicyException(uri + ": there is no object " + name, e);
    }
  }

  private boolean isIntactCopy(Path copy, PolicyReference reference) throws IOException {
    try {
      verifyDirectory(copy, reference);
      return true;
    } catch (UnverifiablePolicyException e) {
      return false;
    }
  }

  private void verifyDirectory(Path directory, PolicyReference reference) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw absent(reference);
    }
    try {
      String stamp = stampOfDirectory(directory);
      if (new Verified(reference.sha256(), stamp).equals(verified.get(directory))) {
        return;
      }
      PolicyManifest found = PolicyManifest.of(directory);
      if (!found.contentAddress().equals(reference.sha256())) {
        throw altered(reference, found.firstDifference(directory.resolve(PolicyManifest.FILE)));
      }
      verified.put(directory, new Verified(reference.sha256(), stamp));
    } catch (NoSuchFileException e) {
      throw altered(reference, e.getFile() + " vanished while it was read");
    } catch (IllegalArgumentException e) {
      throw altered(reference, e.getMessage());
    }
  }

  private void verifyFile(Path file, BlobReference reference) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UnverifiablePolicyException("Blob " + reference.uri() + " is absent");
    }
    String stamp = stampOfFile(file);
    Verified expected = new Verified(reference.sha256(), stamp);
    long size = Files.size(file);
    if (size == reference.size() && expected.equals(verified.get(file))) {
      return;
    }
    String found = Sha256.of(file);
    boolean sized = reference.size() < 0 || size == reference.size();
    if (!sized || !found.equals(reference.sha256())) {
      throw new UnverifiablePolicyException(
          "Blob %s has %d bytes with sha256 %s; expected %ssha256 %s"
              .formatted(
                  reference.uri(),
                  size,
                  found,
                  reference.size() < 0 ? "" : reference.size() + " bytes with ",
                  reference.sha256()));
    }
    verified.put(file, expected);
  }

  private static String stampOfDirectory(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      StringBuilder stamp = new StringBuilder();
      for (Path entry : entries.sorted().toList()) {
        stamp.append(entry.getFileName()).append(' ').append(stampOfFile(entry)).append('\n');
      }
      return stamp.toString();
    }
  }

  private static String stampOfFile(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "size,lastModifiedTime,fileKey");
    return attributes.get("size")
        + " "
        + attributes.get("lastModifiedTime")
        + " "
        + attributes.get("fileKey");
  }

  private static UnverifiablePolicyException absent(PolicyReference reference) {
    return new UnverifiablePolicyException(
        "Policy version %d is absent or incomplete at %s"
            .formatted(reference.version(), reference.uri()));
  }

  private static UnverifiablePolicyException altered(PolicyReference reference, String how) {
    return new UnverifiablePolicyException(
        "Policy version %d at %s does not have the content address %s: %s"
            .formatted(reference.version(), reference.uri(), reference.sha256(), how));
  }

  private Path newIncoming() {
    return cache.resolve(".incoming-" + UUID.randomUUID());
  }

  private static void moveIntoPlace(Path incoming, Path copy) throws IOException {
    FileTrees.delete(copy);
    Files.createDirectories(copy.getParent());
    try {
      Files.move(incoming, copy, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another process was faster with the same content; the caller verifies what is there.
      FileTrees.delete(incoming);
    }
  }

  void retainPolicies(Collection<String> sha256s) throws IOException {
    retain(cache.resolve("policies"), sha256s);
  }

  void retainBlobs(Collection<String> sha256s) throws IOException {
    retain(cache.resolve("blobs"), sha256s);
  }

  private static void retain(Path directory, Collection<String> names) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> copies = Files.list(directory)) {
      for (Path copy : copies.toList()) {
        if (!names.contains(copy.getFileName().toString())) {
          FileTrees.delete(copy);
        }
      }
    }
  }
}
