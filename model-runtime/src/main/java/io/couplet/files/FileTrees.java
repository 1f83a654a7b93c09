package io.couplet.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Directories that others may be writing to and deleting from meanwhile. Thread-safe. */
public final class FileTrees {
  private FileTrees() {}

  /**
   * The regular files below a directory, in no order; none when it does not exist. A file that
   * comes or goes meanwhile is among them or not.
   */
  public static List<Path> filesBelow(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new PatientVisitor() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /**
   * Deletes a file or a directory with all that is in it; symbolic links are not followed. Does
   * nothing when it does not exist.
   *
   * @throws java.nio.file.DirectoryNotEmptyException when others put more into it meanwhile
   */
  public static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new PatientVisitor() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            super.postVisitDirectory(directory, failure);
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What has gone since its directory was read is no failure. */
  private abstract static class PatientVisitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
