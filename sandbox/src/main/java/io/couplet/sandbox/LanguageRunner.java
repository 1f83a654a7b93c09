package io.couplet.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What it takes to run programs of one language: an interpreter, the command that starts a worker,
 * and the worker's own sources, which travel to it over its standard input and touch no disk.
 *
 * <p>A worker speaks frames of a 4-byte big-endian length and JSON. It is told its sources and
 * limits, answers {@code ready} or {@code refused}, and then answers one job after the other.
 *
 * @param language as it stands in the opening fence of a completion
 * @param interpreter the real executable, never a version manager's shim
 * @param command starts a worker that waits for its first frame
 * @param sources by name
 */
record LanguageRunner(
    String language, Path interpreter, List<String> command, Map<String, String> sources) {
  LanguageRunner {
    command = List.copyOf(command);
    sources = Map.copyOf(sources);
  }
}
