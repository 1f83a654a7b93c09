package io.couplet.local.rundir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of a run directory as text. */
final class Utf8File {
  private Utf8File() {}

  /**
   * As UTF-8, whatever is in it, so that damage is found by the parser: given bytes, Jackson
   * guesses an encoding from the first ones and fails in another way than on JSON.
   */
  static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
