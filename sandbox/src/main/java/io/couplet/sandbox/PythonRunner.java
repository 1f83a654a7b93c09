package io.couplet.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Finds a Python interpreter and packs the Python worker. All that Java knows about Python. */
public final class PythonRunner {
  private static final List<String> SOURCES =
      List.of(
          "launcher",
          "wire",
          "confine",
          "syscalls",
          "pages",
          "runner",
          "state",
          "program",
          "judge",
          "plan",
          "proxies",
          "channel",
          "selfcheck");

  /** Reads one frame, no byte more (the judge reads on), and runs the launcher in it. */
  private static final String BOOTSTRAP =
      """
      import os, json
      def exactly(n):
          data = b""
          while len(data) < n:
              part = os.read(0, n - len(data))
              if not part: os._exit(0)
              data += part
          return data
      boot = json.loads(exactly(int.from_bytes(exactly(4), "big")))
      exec(compile(boot["sources"]["launcher"], "<couplet launcher>", "exec"), {"boot": boot})
      """;

  private static final String DESCRIBE =
      "import sys, os; print('%d.%d' % sys.version_info[:2]); print(os.path.realpath(sys.executable))";

  private static final int OLDEST_MINOR = 9;

  private PythonRunner() {}

  static LanguageRunner create(Optional<Path> chosen) {
    Path interpreter = interpreter(chosen);
    return new LanguageRunner(
        "python",
        interpreter,
        List.of(interpreter.toString(), "-I", "-S", "-c", BOOTSTRAP),
        readSources());
  }

  /**
   * The interpreter the sandbox uses: the chosen one, else the system's, else the first on PATH,
   * each resolved to the real executable.
   *
   * @throws SandboxUnavailableException when there is none of version 3.9 or newer
   */
  public static Path interpreter(Optional<Path> chosen) {
    List<String> tried = new ArrayList<>();
    for (Path candidate : chosen.map(List::of).orElseGet(PythonRunner::candidates)) {
      try {
        Optional<Path> real = resolve(candidate, tried);
        if (real.isPresent()) {
          return real.get();
        }
      } catch (IOException e) {
        tried.add(candidate + " (" + e.getMessage() + ")");
      }
    }
    throw new SandboxUnavailableException(
        "The sandbox needs Python 3."
            + OLDEST_MINOR
            + " or newer and found none. Install python3, or name an interpreter. Tried: "
            + (tried.isEmpty()
                ? "nothing, there is no python3 on PATH"
                : String.join(", ", tried)));
  }

  private static List<Path> candidates() {
    Set<Path> found = new LinkedHashSet<>();
    List<String> directories = new ArrayList<>(List.of("/usr/bin", "/usr/local/bin"));
    String path = System.getenv("PATH");
    if (path != null) {
      directories.addAll(List.of(path.split(":")));
    }
    for (String directory : directories) {
      Path candidate = Path.of(directory, "python3");
      if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
        found.add(candidate);
      }
    }
    return List.copyOf(found);
  }

  private static Optional<Path> resolve(Path candidate, List<String> tried) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(candidate.toString(), "-I", "-S", "-c", DESCRIBE)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines;
    try (InputStream out = process.getInputStream()) {
      lines = new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (lines.size() != 2) {
      tried.add(candidate + " (does not run)");
      return Optional.empty();
    }
    String[] version = lines.get(0).split("\\.");
    if (Integer.parseInt(version[0]) != 3 || Integer.parseInt(version[1]) < OLDEST_MINOR) {
      tried.add(candidate + " (version " + lines.get(0) + ")");
      return Optional.empty();
    }
    return Optional.of(Path.of(lines.get(1)));
  }

  private static Map<String, String> readSources() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String name : SOURCES) {
      String resource = "python/" + name + ".py";
      try (InputStream in = PythonRunner.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException(
              "The sandbox jar is incomplete: resource " + resource + " is missing");
        }
        sources.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read resource " + resource, e);
      }
    }
    return sources;
  }
}
