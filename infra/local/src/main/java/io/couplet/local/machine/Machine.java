package io.couplet.local.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at the machine Couplet runs on. Starts only programs that report their version. */
public final class Machine {
  private static final long MEBIBYTE = 1L << 20;
  private static final long WANTED_MEMORY = 4L << 30;
  private static final long WANTED_DISK = 5L << 30;

  private Machine() {}

  /** Every check, in the order a reader wants them. {@code directory} is where runs are kept. */
  public static List<MachineCheck> examine(Path directory) {
    return List.of(
        jdk(),
        maven(),
        python(),
        isolation(),
        cores(),
        memory(),
        disk(directory),
        gpu(),
        ports(),
        engine());
  }

  private static MachineCheck jdk() {
    String found =
        "Java "
            + System.getProperty("java.version")
            + " ("
            + System.getProperty("java.vendor")
            + ") at "
            + System.getProperty("java.home");
    return Files.isExecutable(Path.of(System.getProperty("java.home"), "bin", "javac"))
        ? MachineCheck.ok("JDK", found)
        : MachineCheck.limited(
            "JDK",
            found + ", without a compiler",
            "Install a full JDK 17 or newer; ./couplet cannot build itself after a change without"
                + " one.");
  }

  private static MachineCheck maven() {
    return Programs.firstLine("mvn", "-version")
        .map(line -> MachineCheck.ok("Maven", line))
        .orElseGet(
            () ->
                MachineCheck.limited(
                    "Maven",
                    "no mvn on PATH",
                    "Install Maven 3.8 or newer; ./couplet cannot build itself after a change"
                        + " without it."));
  }

  private static MachineCheck python() {
    Optional<String> program =
        Programs.firstLine(
            "python3", "-I", "-c", "import sys; print(sys.version.split()[0], sys.executable)");
    if (program.isEmpty()) {
      return MachineCheck.missing(
          "python3",
          "no python3 on PATH",
          "Install Python 3.9 or newer; rewards come from running Python tests.");
    }
    String[] parts = program.get().split(" ", 2);
    String[] version = parts[0].split("\\.");
    int minor = Integer.parseInt(version[1]);
    String found = "Python " + parts[0] + " at " + parts[1];
    return version[0].equals("3") && minor >= 9
        ? MachineCheck.ok("python3", found)
        : MachineCheck.missing("python3", found, "Install Python 3.9 or newer.");
  }

  private static MachineCheck isolation() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return MachineCheck.missing(
          "isolation",
          System.getProperty("os.name") + " offers none of the kernel's confinement",
          "Run Couplet on Linux or in a Linux container; untrusted code is never run unconfined.");
    }
    return Programs.firstLine("bwrap", "--version")
        .map(line -> MachineCheck.ok("isolation", line + ", seccomp and Landlock"))
        .orElseGet(
            () ->
                MachineCheck.limited(
                    "isolation",
                    "no bubblewrap",
                    "Install bubblewrap (Debian: apt install bubblewrap) for namespaces."));
  }

  private static MachineCheck cores() {
    int cores = Runtime.getRuntime().availableProcessors();
    String found = cores + (cores == 1 ? " core" : " cores");
    return cores >= 2
        ? MachineCheck.ok("cores", found)
        : MachineCheck.limited("cores", found, "Generation and learning share the one core.");
  }

  private static MachineCheck memory() {
    Optional<Long> available = Programs.memoryAvailable();
    if (available.isEmpty()) {
      return MachineCheck.limited("memory", "unknown", "A local run needs about 3 GiB.");
    }
    String found = mebibytes(available.get()) + " available";
    return available.get() >= WANTED_MEMORY
        ? MachineCheck.ok("memory", found)
        : MachineCheck.limited("memory", found, "A local run needs about 3 GiB.");
  }

  private static MachineCheck disk(Path directory) {
    try {
      Path existing = directory.toAbsolutePath();
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      FileStore store = Files.getFileStore(existing);
      long free = store.getUsableSpace();
      String found = mebibytes(free) + " free for " + directory;
      return free >= WANTED_DISK
          ? MachineCheck.ok("disk", found)
          : MachineCheck.limited("disk", found, "A long run keeps a few GiB of log and policies.");
    } catch (IOException e) {
      return MachineCheck.limited("disk", "unknown: " + e.getMessage(), "");
    }
  }

  private static MachineCheck gpu() {
    return Programs.firstLine(
            "nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
        .map(line -> MachineCheck.ok("GPU", line))
        .orElseGet(() -> MachineCheck.ok("GPU", "none; the CPU engine is used"));
  }

  private static MachineCheck ports() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return MachineCheck.ok(
          "ports", "loopback ports can be opened (for example " + socket.getLocalPort() + ")");
    } catch (IOException e) {
      return MachineCheck.missing(
          "ports",
          "no port can be opened on the loopback interface: " + e.getMessage(),
          "A local run needs free TCP ports on 127.0.0.1.");
    }
  }

  private static MachineCheck engine() {
    String name = "pytorch-native-cpu";
    String classPath = System.getProperty("java.class.path");
    int at = classPath.indexOf(name);
    if (at < 0) {
      return MachineCheck.missing(
          "PyTorch",
          name + " is not on the class path",
          "Build again: mvn -pl infra/local -am package.");
    }
    int end = classPath.indexOf(".jar", at);
    return MachineCheck.ok("PyTorch", classPath.substring(at, end < 0 ? classPath.length() : end));
  }

  private static String mebibytes(long bytes) {
    return String.format("%,d MiB", bytes / MEBIBYTE);
  }

  /** Programs and files of the operating system that answer in one line. */
  private static final class Programs {
    private static final long PATIENCE_SECONDS = 10;

    /** First line a program prints; empty when it is absent, fails or hangs. */
    static Optional<String> firstLine(String... command) {
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
          String line = process.inputReader().readLine();
          boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
          return ended && process.exitValue() == 0 && line != null
              ? Optional.of(line.replaceAll("\u001B\\[[0-9;]*m", "").strip())
              : Optional.empty();
        } finally {
          process.destroyForcibly();
        }
      } catch (IOException e) {
        return Optional.empty(); // not installed
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }

    /** Bytes the kernel calls available; empty where there is no /proc. */
    static Optional<Long> memoryAvailable() {
      Path file = Path.of("/proc/meminfo");
      if (!Files.isReadable(file)) {
        return Optional.empty();
      }
      try {
        return Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("MemAvailable:"))
            .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
            .findFirst();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
