package io.couplet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * For how long the cores that this process may use have had nothing to do so far, whoever might
 * have used them. Linux measures that, while it estimates from ticks what a core is busy with, and
 * loses a percent or two: the time that passed is better taken from a clock.
 *
 * @param idle seconds, summed over the cores; those in which one only waited for a disk included
 */
public record CoreTime(double idle) {
  private static final double TICKS_PER_SECOND = 100;
  private static final int IDLE = 3;
  private static final int WAITING_FOR_DISK = 4;

  /** Reads the clocks of Linux. */
  public static CoreTime now() throws IOException {
    return of(Files.readAllLines(Path.of("/proc/stat")), ProcessorCores.allowed());
  }

  static CoreTime of(List<String> stat, List<Integer> cores) throws IOException {
    long idle = 0;
    for (int core : cores) {
      String name = "cpu" + core + " ";
      String line =
          stat.stream()
              .filter(each -> each.startsWith(name))
              .findFirst()
              .orElseThrow(() -> new IOException("/proc/stat has no line of " + name));
      String[] ticks = line.substring(name.length()).strip().split(" +", -1);
      idle += Long.parseLong(ticks[IDLE]) + Long.parseLong(ticks[WAITING_FOR_DISK]);
    }
    return new CoreTime(idle / TICKS_PER_SECOND);
  }

  /** What has passed since an earlier reading. */
  public CoreTime since(CoreTime before) {
    return new CoreTime(idle - before.idle);
  }
}
