package io.couplet.store;

import io.couplet.policy.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Objects below a URI that one of Flink's file systems serves (s3, hdfs, gs and so on). Where a
 * rename is atomic, an object is written under a temporary name, synced and renamed; an object
 * store shows a key only when its writing is complete, so there the final key is written.
 * Thread-safe.
 */
public final class FlinkObjectStore implements ObjectStore {
  private static final String INCOMING = ".incoming";
  private static final Set<String> WHOLE_KEYS =
      Set.of("s3", "s3a", "s3p", "s3n", "gs", "oss", "abfs", "abfss", "wasb", "wasbs");

  private final Path root;
  private final FileSystem files;
  private final boolean renames;

  /**
   * @param root URI of an existing or future directory
   */
  public FlinkObjectStore(String root) throws IOException {
    this.root = new Path(root.endsWith("/") ? root.substring(0, root.length() - 1) : root);
    this.files = this.root.getFileSystem();
    this.renames = !showsWholeObjects(this.root);
  }

  /**
   * Whether nobody sees a file of this file system before its writing is complete, so that it needs
   * no other name meanwhile, and no sync.
   */
  public static boolean showsWholeObjects(Path path) {
    return WHOLE_KEYS.contains(String.valueOf(path.toUri().getScheme()));
  }

  @Override
  public void put(String name, java.nio.file.Path content) throws IOException {
    Path target = path(name);
    if (!renames) {
      write(content, target);
      return;
    }
    Path temporary = new Path(new Path(root, INCOMING), UUID.randomUUID().toString());
    files.mkdirs(temporary.getParent());
    try {
      write(content, temporary);
      files.mkdirs(target.getParent());
      if (!files.rename(temporary, target)) {
        // Some file systems do not replace. Objects are immutable, so nothing is lost in between.
        files.delete(target, false);
        if (!files.rename(temporary, target)) {
          throw new IOException(temporary + " could not be renamed to " + target);
        }
      }
    } finally {
      files.delete(temporary, false);
    }
  }

  private void write(java.nio.file.Path content, Path target) throws IOException {
    try (FSDataOutputStream out = files.create(target, FileSystem.WriteMode.OVERWRITE)) {
      Files.copy(content, out);
      if (renames) {
        out.sync();
      }
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    try {
      return files.open(path(name));
    } catch (FileNotFoundException e) {
      NoSuchFileException missing = new NoSuchFileException(path(name).toString());
      missing.initCause(e);
      throw missing;
    }
  }

  @Override
  public boolean exists(String name) throws IOException {
    return files.exists(path(name));
  }

  /** Whether the name is that of an object, not of a directory. */
  boolean isFile(String name) throws IOException {
    try {
      return !files.getFileStatus(path(name)).isDir();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    int slash = prefix.lastIndexOf('/');
    collect(slash < 0 ? root : path(prefix.substring(0, slash)), names);
    return names.stream().filter(name -> name.startsWith(prefix)).sorted().toList();
  }

  private void collect(Path directory, List<String> names) throws IOException {
    FileStatus[] entries;
    try {
      entries = files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return;
    }
    if (entries == null) {
      return;
    }
    for (FileStatus entry : entries) {
      if (!entry.isDir()) {
        nameOf(entry.getPath().toString()).ifPresent(names::add);
      } else if (!entry.getPath().getName().equals(INCOMING)) {
        collect(entry.getPath(), names);
      }
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = path(name);
    files.delete(file, false);
    Path parent = file.getParent();
    if (renames && !parent.equals(root) && files.exists(parent)) {
      FileStatus[] rest = files.listStatus(parent);
      if (rest != null && rest.length == 0) {
        files.delete(parent, false);
      }
    }
  }

  @Override
  public String uri(String name) {
    String text = path(name).toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public Optional<String> nameOf(String uri) {
    Path path;
    try {
      path = new Path(uri);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String below = root.toString() + "/";
    String text = path.toString();
    if (root.toUri().getScheme() == null || path.toUri().getScheme() == null) {
      below = root.getPath() + "/";
      text = path.getPath();
    }
    return text.startsWith(below) && text.length() > below.length()
        ? Optional.of(text.substring(below.length()))
        : Optional.empty();
  }

  @Override
  public Optional<java.nio.file.Path> localPath(String name) {
    return Optional.empty();
  }

  private Path path(String name) {
    for (String segment : name.split("/", -1)) {
      if (segment.equals("..") || segment.equals(".")) {
        throw new IllegalArgumentException(
            "Object name '" + name + "' must not hold the segment '" + segment + "'");
      }
    }
    return new Path(root, name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
  }
}
