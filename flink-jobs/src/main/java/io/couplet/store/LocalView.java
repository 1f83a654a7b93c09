package io.couplet.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files and directories of the configuration, wherever they are, as local paths. */
public final class LocalView {
  private LocalView() {}

  /**
   * The local path that a plain path or {@code file:} URI names; of every other URI a copy.
   *
   * @param location file or directory
   * @param scratch directory for copies; created on demand
   * @throws IOException there is nothing at the URI, or it cannot be read
   */
  public static Path of(String location, Path scratch) throws IOException {
    if (location.startsWith("file:")) {
      return Path.of(URI.create(location));
    }
    if (!ObjectStores.isUri(location)) {
      return Path.of(location);
    }
    String uri = location.endsWith("/") ? location.substring(0, location.length() - 1) : location;
    int slash = uri.lastIndexOf('/');
    FlinkObjectStore around = new FlinkObjectStore(uri.substring(0, slash));
    String name = uri.substring(slash + 1);
    Files.createDirectories(scratch);
    Path local = scratch.resolve(name);
    if (around.isFile(name)) {
      copy(around, name, local);
      return local;
    }
    List<String> files = around.list(name + "/");
    if (files.isEmpty()) {
      throw new IOException("There is no file and no directory with files at " + location);
    }
    for (String file : files) {
      copy(around, file, scratch.resolve(file));
    }
    return local;
  }

  private static void copy(FlinkObjectStore store, String name, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Files.deleteIfExists(target);
    try (InputStream in = store.open(name)) {
      Files.copy(in, target);
    }
  }
}
