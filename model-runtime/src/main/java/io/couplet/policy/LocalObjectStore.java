package io.couplet.policy;

import io.couplet.files.FileTrees;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Objects as files below a root directory: written under a temporary name, forced to disk, renamed,
 * and the rename forced to disk. Thread-safe.
 */
public final class LocalObjectStore implements ObjectStore {
  private static final String INCOMING = ".incoming";

  /** Temporary files older than this belong to processes that died. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path root;

  /** Creates the root directory if absent, and removes what unfinished writes of old left in it. */
  public LocalObjectStore(Path root) throws IOException {
    this.root = root.toAbsolutePath().normalize();
    Files.createDirectories(this.root.resolve(INCOMING));
    sweepAbandoned();
  }

  @Override
  public void put(String name, Path content) throws IOException {
    Path target = path(name);
    Path temporary = root.resolve(INCOMING).resolve(UUID.randomUUID().toString());
    try {
      copyDurably(content, temporary);
      Files.createDirectories(target.getParent());
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      forceDirectories(target.getParent());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void copyDurably(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      long size = in.size();
      long copied = 0;
      while (copied < size) {
        long count = in.transferTo(copied, size - copied, out);
        if (count <= 0) {
          throw new IOException(from + " shrank while it was published");
        }
        copied += count;
      }
      out.force(true);
    }
  }

  /** A rename is durable when the directories on the way to the file are. */
  private void forceDirectories(Path directory) throws IOException {
    for (Path d = directory; d.startsWith(root); d = d.getParent()) {
      try (FileChannel channel = FileChannel.open(d, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(path(name));
  }

  @Override
  public boolean exists(String name) {
    return Files.isRegularFile(path(name));
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    return FileTrees.filesBelow(root).stream()
        .map(file -> root.relativize(file).toString())
        .filter(name -> name.startsWith(prefix) && !name.startsWith(INCOMING))
        .sorted()
        .toList();
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = path(name);
    Files.deleteIfExists(file);
    Path parent = file.getParent();
    if (!parent.equals(root)) {
      try {
        Files.deleteIfExists(parent);
      } catch (DirectoryNotEmptyException e) {
        // Others still need it.
      }
    }
  }

  /** Removes what processes that died in the middle of {@link #put} left behind. */
  private void sweepAbandoned() throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    for (Path file : FileTrees.filesBelow(root.resolve(INCOMING))) {
      if (lastWritten(file).isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Instant lastWritten(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException goneMeanwhile) {
      return Instant.MAX;
    }
  }

  @Override
  public String uri(String name) {
    String uri = path(name).toUri().toString();
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  @Override
  public Optional<String> nameOf(String uri) {
    Path path;
    try {
      path = uri.startsWith("file:") ? Path.of(URI.create(uri)) : Path.of(uri);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return Optional.empty();
    }
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(root) && !absolute.equals(root)
        ? Optional.of(root.relativize(absolute).toString())
        : Optional.empty();
  }

  @Override
  public Optional<Path> localPath(String name) {
    return Optional.of(path(name));
  }

  private Path path(String name) {
    Path path = root.resolve(name).normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      throw new IllegalArgumentException("Object name '" + name + "' leads out of " + root);
    }
    return path;
  }
}
