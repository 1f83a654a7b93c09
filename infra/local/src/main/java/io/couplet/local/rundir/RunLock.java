package io.couplet.local.rundir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * One process at a time owns a run directory. The operating system gives the lock back when its
 * owner dies, so a crash leaves nothing to clean up. Thread-safe.
 */
public final class RunLock implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;
  private final Path path;
  private final Object file;

  private RunLock(FileChannel channel, FileLock lock, Path path) throws IOException {
    this.channel = channel;
    this.lock = lock;
    this.path = path;
    this.file = identity(path);
  }

  /** Takes the lock, or returns empty at once when another process has it. */
  public static Optional<RunLock> tryTake(RunDirectory directory) throws IOException {
    Files.createDirectories(directory.path());
    FileChannel channel =
        FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new RunLock(channel, lock, directory.lock()));
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /**
   * Whether the directory that was locked is still where it was: its owner writes by name, and must
   * not write into a place that was deleted, moved or begun anew.
   */
  public boolean isInPlace() {
    try {
      return identity(path).equals(file);
    } catch (IOException e) {
      return false;
    }
  }

  /** The file system's own; it is not given to another file while this one is open. */
  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
