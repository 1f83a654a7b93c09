package io.couplet.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The session (setsid) that a worker opens for itself. Whatever it starts belongs to it, also after
 * the processes in between have ended.
 */
final class ProcessSession {
  private static final int SESSION_FIELD = 3; // of /proc/PID/stat, counted after the name

  private ProcessSession() {}

  /**
   * Ends every process of the session that {@code leader} opened, at once. An orphan is found by
   * nothing else, and as long as it holds the worker's output the end of that output does not come.
   */
  static void end(long leader) {
    ProcessHandle.allProcesses()
        .filter(process -> of(process.pid()) == leader)
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** The session of a process; -1 when it has ended or the system does not say. */
  private static long of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[SESSION_FIELD]);
    } catch (IOException e) {
      return -1;
    }
  }
}
