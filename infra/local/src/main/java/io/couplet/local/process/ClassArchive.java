package io.couplet.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Classes as a JVM keeps them in memory, which the launcher archived when it had built: a child
 * that maps its archive starts in half of the time. The JVM ignores an archive of another class
 * path or another Java.
 */
public enum ClassArchive {
  /** What generating loads. */
  GENERATION("couplet.jsa"),
  /** What a broker loads. */
  BROKER("kafka.jsa");

  /** Directory of the archives; not set where the launcher did not start this JVM. */
  private static final String DIRECTORY = "couplet.archives";

  private final String file;

  ClassArchive(String file) {
    this.file = file;
  }

  /** Options of a JVM that uses the archive; none where there is none. */
  public List<String> options() {
    String directory = System.getProperty(DIRECTORY);
    if (directory == null) {
      return List.of();
    }
    Path archive = Path.of(directory).resolve(file);
    return Files.isReadable(archive)
        ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:disable")
        : List.of();
  }
}
