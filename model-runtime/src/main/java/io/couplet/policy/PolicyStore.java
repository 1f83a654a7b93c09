package io.couplet.policy;

import io.couplet.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Policy directories and single-file blobs in an {@link ObjectStore}, found by the SHA-256 of their
 * content. A policy is visible once its manifest is, and the manifest is written last; whatever is
 * fetched is hashed before it is handed out. Nothing is deleted except by {@link #retainPolicies},
 * {@link #retainBlobs}. Thread-safe.
 */
public final class PolicyStore {
  private static final String POLICIES = "policies/";
  private static final String BLOBS = "blobs/";
  private static final String CONFIG = "config.json";

  private final ObjectStore objects;
  private final LocalCopies copies;

  /**
   * @param cache where policies and blobs of a store that is not local are kept; created on demand
   */
  public PolicyStore(ObjectStore objects, Path cache) {
    this.objects = objects;
    this.copies = new LocalCopies(objects, cache);
  }

  /** A store below a local directory; it needs no cache. */
  public static PolicyStore local(Path root) throws IOException {
    return new PolicyStore(new LocalObjectStore(root), root.resolve(".cache"));
  }

  /**
   * Publishes the visible files of a model directory. Publishing the same content again changes
   * nothing and returns the same address; a damaged earlier copy is replaced.
   */
  public PolicyReference publish(long version, Path directory) throws IOException {
    PolicyManifest manifest = PolicyManifest.of(directory);
    if (!manifest.sha256ByName().containsKey(CONFIG)) {
      throw new IllegalArgumentException(directory + ": a policy directory needs a " + CONFIG);
    }
    String sha256 = manifest.contentAddress();
    PolicyReference reference =
        new PolicyReference(version, objects.uri(POLICIES + sha256), sha256);
    if (!isIntact(reference)) {
      write(directory, manifest, POLICIES + sha256 + "/");
    }
    return reference;
  }

  private boolean isIntact(PolicyReference reference) throws IOException {
    try {
      copies.policy(POLICIES + reference.sha256() + "/", reference);
      return true;
    } catch (UnverifiablePolicyException e) {
      return false;
    }
  }

  private void write(Path directory, PolicyManifest manifest, String prefix) throws IOException {
    List<String> names = new ArrayList<>(manifest.sha256ByName().keySet());
    // config.json after the weights: without it no program takes the directory for a model.
    names.remove(CONFIG);
    names.add(CONFIG);
    for (String name : names) {
      objects.put(prefix + name, directory.resolve(name));
    }
    Path text = Files.createTempFile("couplet-manifest", null);
    try {
      Files.write(text, manifest.bytes());
      objects.put(prefix + PolicyManifest.FILE, text);
    } finally {
      Files.deleteIfExists(text);
    }
  }

  /**
   * A local directory with exactly the content of the reference. Its URI names a policy of this
   * store, or a local directory.
   *
   * @throws UnverifiablePolicyException it is absent, incomplete or has another content
   */
  public Path fetch(PolicyReference reference) throws IOException {
    if (!Sha256.isDigest(reference.sha256())) {
      throw new UnverifiablePolicyException(
          "Policy version %d at %s has the content address '%s'; expected 64 lower-case hex digits"
              .formatted(reference.version(), reference.uri(), reference.sha256()));
    }
    Optional<String> name = objects.nameOf(reference.uri());
    if (name.isPresent()) {
      return copies.policy(name.get() + "/", reference);
    }
    if (reference.uri().contains(":/")) {
      throw new UnverifiablePolicyException(
          "Policy version %d is at %s, which is not in this policy store (%s)"
              .formatted(reference.version(), reference.uri(), objects.uri(POLICIES)));
    }
    return copies.directory(Path.of(reference.uri()), reference);
  }

  /** The reference of a model directory outside the store, as if it were published. */
  public static PolicyReference describe(long version, Path directory) throws IOException {
    return new PolicyReference(
        version,
        directory.toAbsolutePath().normalize().toString(),
        PolicyManifest.of(directory).contentAddress());
  }

  /** Content addresses of the policies in the store, sorted. */
  public Set<String> policies() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String name : objects.list(POLICIES)) {
      if (name.endsWith("/" + PolicyManifest.FILE)) {
        found.add(name.substring(POLICIES.length(), name.lastIndexOf('/')));
      }
    }
    return found;
  }

  /** Publishes one file under its hash. */
  public BlobReference publishBlob(Path file) throws IOException {
    String sha256 = Sha256.of(file);
    long size = Files.size(file);
    BlobReference reference = new BlobReference(objects.uri(BLOBS + sha256), sha256, size);
    try {
      copies.blob(BLOBS + sha256, reference);
    } catch (UnverifiablePolicyException absentOrDamaged) {
      objects.put(BLOBS + sha256, file);
    }
    return reference;
  }

  /**
   * A local file with exactly the content of the reference.
   *
   * @throws UnverifiablePolicyException it is absent or has another content
   */
  public Path fetchBlob(BlobReference reference) throws IOException {
    String name =
        objects
            .nameOf(reference.uri())
            .orElseThrow(
                () ->
                    new UnverifiablePolicyException(
                        "Blob " + reference.uri() + " is not in this store"));
    return copies.blob(name, reference);
  }

  /** Deletes every policy whose content address is not given. */
  public void retainPolicies(Collection<String> sha256s) throws IOException {
    List<String> names = new ArrayList<>(objects.list(POLICIES));
    // Manifests first: a policy disappears as a whole.
    names.sort(Comparator.comparing(name -> !name.endsWith("/" + PolicyManifest.FILE)));
    for (String name : names) {
      String sha256 = name.substring(POLICIES.length()).split("/", 2)[0];
      if (!sha256s.contains(sha256)) {
        objects.delete(name);
      }
    }
    copies.retainPolicies(sha256s);
  }

  /** Deletes every blob whose hash is not given. */
  public void retainBlobs(Collection<String> sha256s) throws IOException {
    for (String name : objects.list(BLOBS)) {
      if (!sha256s.contains(name.substring(BLOBS.length()))) {
        objects.delete(name);
      }
    }
    copies.retainBlobs(sha256s);
  }
}
