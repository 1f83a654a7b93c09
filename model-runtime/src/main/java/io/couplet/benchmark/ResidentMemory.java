package io.couplet.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much the resident memory of this process grows while the same step is made again and again.
 */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "VmRSS:";

  private ResidentMemory() {}

  /**
   * What was measured.
   *
   * @param fromStep steps made before the first reading
   * @param toStep steps made before the last one
   * @param fromMegabytes resident memory then, 10^6 bytes
   * @param toMegabytes resident memory then, 10^6 bytes
   */
  public record Growth(int fromStep, int toStep, double fromMegabytes, double toMegabytes) {
    /** Share by which it grew; negative where it shrank. */
    public double share() {
      return toMegabytes / fromMegabytes - 1;
    }
  }

  /**
   * Makes {@code toStep} steps.
   *
   * @throws IOException the system tells no process its resident memory
   */
  public static Growth whileRepeating(Runnable step, int fromStep, int toStep) throws IOException {
    repeat(step, fromStep);
    double from = megabytes();
    repeat(step, toStep - fromStep);
    return new Growth(fromStep, toStep, from, megabytes());
  }

  private static void repeat(Runnable step, int times) {
    for (int i = 0; i < times; i++) {
      step.run();
    }
  }

  private static double megabytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(KEY)) {
        String kibibytes = line.substring(KEY.length()).replace("kB", "").trim();
        return Long.parseLong(kibibytes) * 1024 / 1e6;
      }
    }
    throw new IOException(STATUS + " has no line that starts with " + KEY);
  }
}
