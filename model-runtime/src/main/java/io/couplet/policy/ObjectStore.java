package io.couplet.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Named immutable objects. Names are relative, with {@code /} between segments. An object becomes
 * visible whole and durable or not at all. Implementations are thread-safe, and several processes
 * may use one store.
 */
public interface ObjectStore {
  /**
   * Publishes the bytes of a local file under a name. Returns only when a reader anywhere would see
   * all of them; after an exception the name is as before. An object of that name is replaced.
   */
  void put(String name, Path content) throws IOException;

  /** {@link NoSuchFileException} when there is no object of that name. */
  InputStream open(String name) throws IOException;

  boolean exists(String name) throws IOException;

  /** Names that start with {@code prefix}, sorted. Unfinished objects are not listed. */
  List<String> list(String prefix) throws IOException;

  /** No error when there is no object of that name. */
  void delete(String name) throws IOException;

  /** What records call the object or, for a prefix, the directory; {@link #nameOf} undoes it. */
  String uri(String name);

  /** The name of a URI of this store; empty when the URI belongs elsewhere. */
  Optional<String> nameOf(String uri);

  /** Where the object or directory is in the local file system, if it is. */
  Optional<Path> localPath(String name);
}
