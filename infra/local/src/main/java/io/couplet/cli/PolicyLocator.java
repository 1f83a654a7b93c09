package io.couplet.cli;

import io.couplet.local.run.RunPolicies;
import io.couplet.local.rundir.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the directory of the policy that a person named. */
final class PolicyLocator {
  private static final Pattern VERSION_OF_RUN = Pattern.compile("([^/@]+)@(\\d{1,18})");

  private PolicyLocator() {}

  /**
   * The directory of a policy.
   *
   * @param name a policy directory, or RUN@VERSION of a run here
   * @throws BadInputException when there is no such policy, with what was looked for
   */
  static Path locate(String name) throws IOException, InterruptedException {
    Path directory = Path.of(name);
    if (Files.isRegularFile(directory.resolve("config.json"))) {
      return directory;
    }
    Matcher version = VERSION_OF_RUN.matcher(name);
    if (!version.matches()) {
      throw new BadInputException(
          "There is no policy at "
              + name
              + ": expected a directory with config.json, or RUN@VERSION of a run here");
    }
    try {
      return RunPolicies.fetch(RunDirectory.of(version.group(1)), Long.parseLong(version.group(2)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }
}
