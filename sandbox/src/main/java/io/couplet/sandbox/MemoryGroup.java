package io.couplet.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what all processes of a worker hold together, shared memory included, by a Linux control
 * group of its own, where such groups can be written; elsewhere the limits of each process stand
 * alone. Version 1 of the interface: below the group of this JVM. Version 2: beside it, since a
 * group that has processes cannot bound groups below it.
 */
final class MemoryGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGroup.class);
  private static final Path SYSTEM = Path.of("/sys/fs/cgroup");
  private static final Path OWN = Path.of("/proc/self/cgroup");
  private static final String PREFIX = "couplet-sandbox-";
  private static final AtomicLong NUMBER = new AtomicLong();

  /** The shell puts itself into the group and becomes the worker: no process starts outside. */
  private static final String ENTER = "echo $$ 2>/dev/null >\"$0\"; exec \"$@\"";

  private final Path directory;

  private MemoryGroup(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes a group.
   *
   * @param bytes most memory that its processes may hold together
   * @return empty where groups cannot be made
   */
  static Optional<MemoryGroup> create(long bytes) {
    try {
      return create(bytes, SYSTEM, Files.readAllLines(OWN));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * @param system where the control groups are mounted
   * @param own the lines of {@code /proc/self/cgroup}: number, controllers, path
   */
  static Optional<MemoryGroup> create(long bytes, Path system, List<String> own) {
    for (String line : own) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        String path = parts[2].substring(1);
        Optional<MemoryGroup> made =
            parts[1].isEmpty()
                ? beside(system.resolve(path), system, bytes)
                : Arrays.asList(parts[1].split(",")).contains("memory")
                    ? below(system.resolve("memory").resolve(path), bytes)
                    : Optional.empty();
        if (made.isPresent()) {
          return made;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<MemoryGroup> below(Path group, long bytes) {
    return make(group, "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", bytes, bytes);
  }

  private static Optional<MemoryGroup> beside(Path group, Path system, long bytes) {
    Path parent = group.equals(system) ? group : group.getParent();
    try {
      String bounded = Files.readString(parent.resolve("cgroup.subtree_control"));
      return Arrays.asList(bounded.strip().split(" ")).contains("memory")
          ? make(parent, "memory.max", "memory.swap.max", bytes, 0)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<MemoryGroup> make(
      Path parent, String limit, String swapLimit, long bytes, long swap) {
    String name = PREFIX + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    Path directory = parent.resolve(name);
    try {
      removeThoseOfTheDead(parent);
      Files.createDirectory(directory);
    } catch (IOException e) {
      return Optional.empty();
    }
    MemoryGroup group = new MemoryGroup(directory);
    try {
      Files.writeString(directory.resolve(limit), Long.toString(bytes));
    } catch (IOException e) {
      group.close();
      return Optional.empty();
    }
    try {
      Files.writeString(directory.resolve(swapLimit), Long.toString(swap));
    } catch (IOException e) {
      LOG.debug("Swapping of {} is not bounded by itself", directory, e);
    }
    return Optional.of(group);
  }

  /** A JVM that was killed may leave its groups, and even processes in them. */
  private static void removeThoseOfTheDead(Path parent) throws IOException {
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path group : groups) {
        String owner = group.getFileName().toString().substring(PREFIX.length()).split("-")[0];
        if (owner.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
          endProcesses(group);
          remove(group);
        }
      }
    }
  }

  private static void endProcesses(Path group) {
    try {
      for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
        if (pid.matches("[1-9]\\d{0,17}")) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    } catch (IOException e) {
      LOG.debug("What runs in {} cannot be told", group, e);
    }
  }

  /** Whether the group is gone; one with processes cannot be removed. */
  private static boolean remove(Path group) {
    try {
      Files.deleteIfExists(group);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The command, started in this group. */
  List<String> enclosing(List<String> command) {
    List<String> enclosed =
        new ArrayList<>(
            List.of("/bin/sh", "-c", ENTER, directory.resolve("cgroup.procs").toString()));
    enclosed.addAll(command);
    return List.copyOf(enclosed);
  }

  Path directory() {
    return directory;
  }

  /** Ends what is left in the group and removes it. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    for (int i = 0; i < 500 && !remove(directory); i++) {
      endProcesses(directory);
      try {
        Thread.sleep(10); // the last process is leaving
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
