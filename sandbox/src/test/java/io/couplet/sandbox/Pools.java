package io.couplet.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Pools that the tests share the making of. */
final class Pools {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final String ORDINARY_USER = "23456";
  private static final Optional<String> NAMESPACES_MISSING = namespacesMissing();

  private Pools() {}

  static SandboxSettings twoWorkers() {
    return SandboxSettings.defaults().withWorkers(2);
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  static boolean canSwitchUser() {
    return Files.isExecutable(SETPRIV);
  }

  /**
   * Opens a pool on one tier. Where this machine cannot make namespaces at all, a test of that tier
   * is skipped with the reason; where it can, a tier that does not hold is a failure.
   */
  static SandboxPool open(SandboxSettings settings, IsolationTier tier, LanguageRunner runner) {
    requireTier(tier);
    return SandboxPool.open(settings.withTier(tier), runner);
  }

  static SandboxPool open(SandboxSettings settings, IsolationTier tier) {
    return open(settings, tier, PythonRunner.create(Optional.empty()));
  }

  /** Skips the test when the tier needs namespaces and the machine has none to give. */
  static void requireTier(IsolationTier tier) {
    if (tier == IsolationTier.NAMESPACES) {
      NAMESPACES_MISSING.ifPresent(why -> Assumptions.abort("Tier namespaces not tested: " + why));
    }
  }

  /**
   * Asks bubblewrap itself, in the plainest way, so that a fault of ours does not look like this.
   */
  private static Optional<String> namespacesMissing() {
    Optional<Path> bubblewrap =
        Stream.of("/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (bubblewrap.isEmpty()) {
      return Optional.of("bubblewrap is not installed (package bubblewrap)");
    }
    try {
      Process probe =
          new ProcessBuilder(
                  List.of(
                      bubblewrap.get().toString(),
                      "--unshare-all",
                      "--unshare-user",
                      "--ro-bind",
                      "/",
                      "/",
                      "/bin/true"))
              .redirectErrorStream(true)
              .start();
      String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return probe.waitFor() == 0
          ? Optional.empty()
          : Optional.of("bubblewrap cannot make namespaces here: " + said.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while bubblewrap was tried", e);
    }
  }

  /** Whether the tests that take minutes run too: the Maven profile sandbox-endurance. */
  static boolean longTests() {
    return Boolean.getBoolean("couplet.long");
  }

  /** The Python runner, started by a user without any privilege. */
  static LanguageRunner asOrdinaryUser() {
    LanguageRunner runner = PythonRunner.create(Optional.empty());
    List<String> command =
        new ArrayList<>(
            List.of(
                SETPRIV.toString(),
                "--reuid=" + ORDINARY_USER,
                "--regid=" + ORDINARY_USER,
                "--clear-groups",
                "--bounding-set=-all",
                "--"));
    command.addAll(runner.command());
    return new LanguageRunner(runner.language(), runner.interpreter(), command, runner.sources());
  }
}
