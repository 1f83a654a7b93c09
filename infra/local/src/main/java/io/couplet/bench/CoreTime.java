package io.couplet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the cores that this process may use have done so far, whoever they did it for, in core
 * seconds. Linux keeps it in hundredths.
 *
 * @param total time that passed, summed over the cores
 * @param idle of it, time in which a core had nothing to do, or only to wait for a disk
 */
public record CoreTime(double total, double idle) {
  private static final double TICKS_PER_SECOND = 100;

  /** user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already. */
  private static final int COLUMNS = 8;

  private static final int IDLE = 3;
  private static final int WAITING_FOR_DISK = 4;

  /** Reads the clocks of Linux. */
  public static CoreTime now() throws IOException {
    return of(Files.readAllLines(Path.of("/proc/stat")), ProcessorCores.allowed());
  }

  static CoreTime of(List<String> stat, List<Integer> cores) throws IOException {
    long total = 0;
    long idle = 0;
    for (int core : cores) {
      String name = "cpu" + core + " ";
      String line =
          stat.stream()
              .filter(each -> each.startsWith(name))
              .findFirst()
              .orElseThrow(() -> new IOException("/proc/stat has no line of " + name));
      String[] ticks = line.substring(name.length()).strip().split(" +", -1);
      for (int column = 0; column < COLUMNS; column++) {
        total += Long.parseLong(ticks[column]);
      }
      idle += Long.parseLong(ticks[IDLE]) + Long.parseLong(ticks[WAITING_FOR_DISK]);
    }
    return new CoreTime(total / TICKS_PER_SECOND, idle / TICKS_PER_SECOND);
  }

  /** What has passed since an earlier reading. */
  public CoreTime since(CoreTime before) {
    return new CoreTime(total - before.total, idle - before.idle);
  }

  public double idleShare() {
    return idle / total;
  }

  /** Share that neither lay idle nor went to a run that used that many processor seconds. */
  public double elsewhereShare(double used) {
    return Math.max(0, (total - idle - used) / total);
  }
}
