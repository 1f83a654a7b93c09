package io.couplet.policy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Objects as files below a root directory: written under a temporary name, forced to disk, renamed,
 * and the rename forced to disk. Thread-safe.
 */
public final class LocalObjectStore implements ObjectStore {
  private static final String INCOMING = ".incoming";

  /** Temporary files older than this belong to processes that died. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path root;

  /** Creates the root directory if absent. */
  public LocalObjectStore(Path root) throws IOException {
    this.root = root.toAbsolutePath().normalize();
    Files.createDirectories(this.root.resolve(INCOMING));
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
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.startsWith(prefix) && !name.startsWith(INCOMING))
          .sorted()
          .toList();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = path(name);
    Files.deleteIfExists(file);
    Path parent = file.getParent();
    if (!parent.equals(root) && Files.isDirectory(parent)) {
      try (Stream<Path> rest = Files.list(parent)) {
        if (rest.findAny().isEmpty()) {
          Files.deleteIfExists(parent);
        }
      }
    }
  }

  /** Removes what processes that died in the middle of {@link #put} left behind. */
  public void sweepAbandoned() throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (Stream<Path> files = Files.list(root.resolve(INCOMING))) {
      for (Path file : files.toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
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
