package io.couplet.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A program of the corpus and what must become of it. Its file starts with lines "#: key value":
 * test (once per case, \n for a new line), setup, entry, timeout (ms), outcome (alternatives
 * separated by /), rate, machine (where the attack makes sense).
 */
record CorpusProgram(
    String name, SandboxJob job, Set<String> outcomes, OptionalDouble rate, String machine) {
  private static final String MARK = "#: ";

  /** All programs below a folder of the corpus, by name. */
  static List<CorpusProgram> in(String folder) {
    try (Stream<Path> files = Files.walk(root().resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".py"))
          .sorted()
          .map(CorpusProgram::read)
          .filter(program -> program.machine == null || program.machine.equals(machineName()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CorpusProgram read(Path file) {
    try {
      return parse(root().relativize(file).toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(CorpusProgram.class.getResource("/corpus").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String machineName() {
    return System.getProperty("os.arch").replace("amd64", "x86_64");
  }

  private static CorpusProgram parse(String name, String text) {
    List<String> tests = new ArrayList<>();
    StringBuilder program = new StringBuilder();
    String setup = null;
    String entry = null;
    String machine = null;
    int timeoutMs = 10_000;
    Set<String> outcomes = Set.of();
    OptionalDouble rate = name.startsWith("honest") ? OptionalDouble.of(1) : OptionalDouble.of(0);
    for (String line : text.split("\n", -1)) {
      if (!line.startsWith(MARK)) {
        program.append(line).append('\n');
        continue;
      }
      String[] pair = line.substring(MARK.length()).split(" ", 2);
      switch (pair[0]) {
        case "test" -> tests.add(unescape(pair[1]));
        case "setup" -> setup = unescape(pair[1]);
        case "entry" -> entry = pair[1];
        case "timeout" -> timeoutMs = Integer.parseInt(pair[1]);
        case "outcome" -> outcomes = Set.of(pair[1].split("/"));
        case "rate" -> rate = OptionalDouble.of(Double.parseDouble(pair[1]));
        case "machine" -> machine = pair[1];
        default -> throw new IllegalArgumentException(name + ": unknown key " + pair[0]);
      }
    }
    if (outcomes.equals(Set.of("INVALID"))) {
      rate = OptionalDouble.empty();
    }
    SandboxJob job =
        new SandboxJob(name, program.toString(), tests, setup, entry, timeoutMs, OnTimeout.CASE);
    return new CorpusProgram(name, job, outcomes, rate, machine);
  }

  /** Backslash n is a new line, two backslashes are one; others stay as Python wants them. */
  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      if (text.charAt(i) == '\\' && (next == 'n' || next == '\\')) {
        out.append(next == 'n' ? '\n' : '\\');
        i++;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
