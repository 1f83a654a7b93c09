package io.couplet.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pools that the tests share the making of. */
final class Pools {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final String ORDINARY_USER = "23456";

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

  /** Whether the tests that take minutes run too: -Dcouplet.long=true. */
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
