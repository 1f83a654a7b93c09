package io.couplet.store;

import io.couplet.policy.LocalObjectStore;
import io.couplet.policy.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

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
    return isUri(uri) ? new FlinkObjectStore(uri) : new LocalObjectStore(Path.of(uri));
  }

  static boolean isUri(String location) {
    return location.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  }
}
