package io.couplet.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Finds the directory of the policy that a person named. */
@FunctionalInterface
interface PolicyLocator {
  /**
   * The policy's verified directory.
   *
   * @param name what stands behind {@code --policy}
   * @throws BadInputException when there is no such policy, with what was looked for
   */
  Path locate(String name) throws IOException;

  /** A directory, or RUN@VERSION where {@code runs} knows the run. */
  static PolicyLocator directoryOr(PolicyLocator runs) {
    return name -> {
      Path directory = Path.of(name);
      if (java.nio.file.Files.isRegularFile(directory.resolve("config.json"))) {
        return directory;
      }
      if (name.matches("[^/@]+@\\d+")) {
        return runs.locate(name);
      }
      throw new BadInputException(
          "There is no policy at "
              + name
              + ": expected a directory with config.json, or RUN@VERSION of a run here");
    };
  }
}
