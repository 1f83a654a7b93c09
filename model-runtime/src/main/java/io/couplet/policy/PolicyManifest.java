package io.couplet.policy;

import io.couplet.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a policy directory and their hashes, written as {@code sha256sum} writes them: one
 * line {@code HASH NAME} per file, sorted by name. The SHA-256 of that text is the content address
 * of the policy, so {@code sha256sum MANIFEST.sha256} prints it and {@code sha256sum -c
 * MANIFEST.sha256} checks the directory.
 *
 * @param sha256ByName plain file names, without the manifest itself
 */
record PolicyManifest(SortedMap<String, String> sha256ByName) {
  static final String FILE = "MANIFEST.sha256";

  /** Longest manifest that is read. */
  static final int MAX_BYTES = 1 << 20;

  PolicyManifest {
    sha256ByName = Collections.unmodifiableSortedMap(new TreeMap<>(sha256ByName));
  }

  /** Hashes the visible files of a directory; subdirectories are refused, dot-files left out. */
  static PolicyManifest of(Path directory) throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (Path file : files(directory)) {
      hashes.put(file.getFileName().toString(), Sha256.of(file));
    }
    return new PolicyManifest(hashes);
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + ": expected a policy directory, but there is no such directory");
    }
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files =
          entries
              .filter(entry -> !entry.getFileName().toString().startsWith("."))
              .filter(entry -> !entry.getFileName().toString().equals(FILE))
              .toList();
      for (Path file : files) {
        if (!Files.isRegularFile(file) || !isName(file.getFileName().toString())) {
          throw new IllegalArgumentException(
              directory
                  + ": a policy directory holds plain files named by letters, digits, '.', '_' and"
                  + " '-', not "
                  + file.getFileName());
        }
      }
      return files;
    }
  }

  /** Empty when the text is no manifest. */
  static Optional<PolicyManifest> parse(byte[] text) {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      String[] parts = line.split(" {2}", 2);
      if (parts.length != 2 || !Sha256.isDigest(parts[0]) || !isName(parts[1])) {
        return Optional.empty();
      }
      hashes.put(parts[1], parts[0]);
    }
    return Optional.of(new PolicyManifest(hashes));
  }

  private static boolean isName(String name) {
    return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*");
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> entry : sha256ByName.entrySet()) {
      text.append(entry.getValue()).append("  ").append(entry.getKey()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * How these files differ from what a manifest file lists, in words: the first missing, extra or
   * altered name.
   */
  String firstDifference(Path manifestFile) throws IOException {
    Optional<PolicyManifest> listed =
        Files.isRegularFile(manifestFile) && Files.size(manifestFile) <= MAX_BYTES
            ? parse(Files.readAllBytes(manifestFile))
            : Optional.empty();
    if (listed.isEmpty()) {
      return "its files hash to " + contentAddress();
    }
    SortedMap<String, String> expected = listed.get().sha256ByName();
    SortedMap<String, String> names = new TreeMap<>(expected);
    names.putAll(sha256ByName);
    for (String name : names.keySet()) {
      String before = expected.get(name);
      String now = sha256ByName.get(name);
      if (!Objects.equals(before, now)) {
        return now == null
            ? name + " is missing"
            : before == null ? name + " does not belong to it" : name + " is altered or truncated";
      }
    }
    return FILE + " is damaged or of another policy";
  }

  String contentAddress() {
    return Sha256.of(bytes());
  }
}
