package io.couplet.store;

import io.couplet.policy.LocalObjectStore;
import io.couplet.policy.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/** The object store behind a URI of the configuration. */
public final class ObjectStores {
  private ObjectStores() {}

  /**
   * A plain path and {@code file:} are the local file system; every other scheme is one of Flink's
   * file systems, whose plug-in must be installed.
   */
  public static ObjectStore open(String uri) throws IOException {
    if (uri.isBlank()) {
      throw new IllegalArgumentException(
          "policy.store must be the URI of a directory that the learner and all workers reach, for"
              + " example file:///shared/run1/policies or s3://bucket/run1");
    }
    if (uri.startsWith("file:")) {
      return new LocalObjectStore(Path.of(URI.create(uri)));
    }
    return isUri(uri) ? remote(uri) : new LocalObjectStore(Path.of(uri));
  }

  private static ObjectStore remote(String uri) throws IOException {
    try {
      return new FlinkObjectStore(uri);
    } catch (UnsupportedFileSystemSchemeException e) {
      String scheme = uri.substring(0, uri.indexOf(':'));
      throw new IOException(
          ("No file system for '%s' is installed, which %s needs. Put Flink's plug-in for it (for s3:"
                  + " flink-s3-fs-hadoop) into a directory of its own below a directory of plug-ins,"
                  + " and name the latter in FLINK_PLUGINS_DIR")
              .formatted(scheme, uri),
          e);
    }
  }

  static boolean isUri(String location) {
    return location.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  }
}
