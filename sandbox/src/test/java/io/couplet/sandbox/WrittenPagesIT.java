package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages.py finds and does, in an interpreter that is not confined. */
class WrittenPagesIT {
  /** Three of a hundred pages are written by the child that is watched, and by no other. */
  private static final String CHECK =
      """
      import ctypes, mmap, os, sys
      exec(open(sys.argv[1]).read())
      area = mmap.mmap(-1, 100 * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
      area[:] = b"x" * len(area)
      base = ctypes.addressof(ctypes.c_char.from_buffer(area))
      def write():
          for page in (7, 8, 50):
              area[page * PAGE] = 1
      def of_area(found):
          return [((f - base) // PAGE, n // PAGE) for f, n in zip(*found) if 0 <= f - base < len(area)]
      proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
      libc = ctypes.CDLL(None)
      able = libc.madvise(ctypes.c_void_p(base), ctypes.c_size_t(PAGE), POPULATE_WRITE) == 0
      print("able" if able and os.access("/proc/self/pagemap", os.R_OK) else "unable")
      found = written(proc, write)
      print("written", of_area(found))
      print("copied ", of_area(written(proc, Copying(found))))
      print("no proc", of_area(written(os.open("/dev/null", os.O_RDONLY), write)))
      """;

  @TempDir Path directory;

  @Test
  void thePagesThatAChildWritesAreFoundAndCanBeCopiedBeforeItDoes()
      throws IOException, InterruptedException {
    Path pages = directory.resolve("pages.py");
    try (var in = PythonRunner.class.getResourceAsStream("python/pages.py")) {
      Files.copy(in, pages);
    }
    Process python =
        new ProcessBuilder(
                PythonRunner.interpreter(Optional.empty()).toString(),
                "-c",
                CHECK,
                pages.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(said).isZero();
    assumeFalse(said.startsWith("unable"), "No /proc/self/pagemap, or Linux before 5.14");
    assertThat(said.lines())
        .containsExactly(
            "able", "written [(7, 2), (50, 1)]", "copied  [(7, 2), (50, 1)]", "no proc []");
  }
}
