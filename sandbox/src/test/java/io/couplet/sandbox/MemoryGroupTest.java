package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where a group is made, and that it holds; the latter only where this machine lets us make one.
 */
class MemoryGroupTest {
  private static final long LIMIT = 64L << 20;

  @TempDir private Path system;

  @Test
  void inVersionTwoItStandsBesideTheGroupOfTheJvm() throws IOException {
    Path slice = Files.createDirectories(system.resolve("user.slice"));
    Files.createDirectories(slice.resolve("jvm.scope"));
    Files.writeString(slice.resolve("cgroup.subtree_control"), "cpu memory pids\n");

    MemoryGroup group =
        MemoryGroup.create(LIMIT, system, List.of("0::/user.slice/jvm.scope")).orElseThrow();

    assertThat(group.directory().getParent()).isEqualTo(slice);
    assertThat(group.directory().resolve("memory.max")).hasContent(Long.toString(LIMIT));
    assertThat(group.directory().resolve("memory.swap.max")).hasContent("0");
  }

  @Test
  void inVersionOneItStandsBelowTheGroupOfTheJvm() throws IOException {
    Path jvm = Files.createDirectories(system.resolve("memory/docker/jvm"));

    MemoryGroup group =
        MemoryGroup.create(LIMIT, system, List.of("5:cpu:/docker", "4:memory:/docker/jvm", "0::/"))
            .orElseThrow();

    assertThat(group.directory().getParent()).isEqualTo(jvm);
    assertThat(group.directory().resolve("memory.limit_in_bytes")).hasContent(Long.toString(LIMIT));
  }

  @Test
  void whereMemoryIsNotHandedDownThereIsNone() throws IOException {
    Files.createDirectories(system.resolve("jvm"));
    Files.writeString(system.resolve("cgroup.subtree_control"), "cpu\n");

    assertThat(MemoryGroup.create(LIMIT, system, List.of("0::/jvm"))).isEmpty();
    assertThat(MemoryGroup.create(LIMIT, system, List.of("4:memory:/absent", "0::/absent/x")))
        .isEmpty();
    assertThat(MemoryGroup.create(LIMIT, system, List.of("nonsense"))).isEmpty();
  }

  @Test
  void emptyGroupsOfJvmsThatAreGoneAreRemoved() throws IOException {
    Path jvm = Files.createDirectories(system.resolve("memory/jvm"));
    Path dead = Files.createDirectory(jvm.resolve("couplet-sandbox-999999999-1"));
    Path living =
        Files.createDirectory(
            jvm.resolve("couplet-sandbox-" + ProcessHandle.current().pid() + "-x"));

    assertThat(MemoryGroup.create(LIMIT, system, List.of("4:memory:/jvm"))).isPresent();

    assertThat(dead).doesNotExist();
    assertThat(living).exists();
  }

  @Test
  void processesTogetherGetNoMoreAndNothingIsLeft() throws Exception {
    MemoryGroup group = real();
    try (group) {
      assertThat(exitOf(group, "x = bytearray(8 << 20)")).isZero();
      assertThat(exitOf(group, "x = bytearray(256 << 20)")).isEqualTo(137);
      String four =
          """
          import os, time
          children = []
          for _ in range(3):
              child = os.fork()
              if child == 0:
                  x = bytearray(24 << 20)
                  time.sleep(2)
                  os._exit(0)
              children.append(child)
          x = bytearray(24 << 20)
          raise SystemExit(any(os.waitpid(child, 0)[1] for child in children))
          """;
      assertThat(exitOf(group, four)).as("four times 24 MiB in 64").isNotZero();
    }
    assertThat(group.directory()).doesNotExist();
  }

  @Test
  void theWorkersOfAPoolAreInGroupsThatGoWithIt() throws Exception {
    Path parent;
    try (MemoryGroup probe = real()) {
      parent = probe.directory().getParent();
    }
    try (SandboxPool pool = SandboxPool.open(SandboxSettings.defaults().withWorkers(1))) {
      SandboxJob job =
          new SandboxJob(
              "j",
              "def f(x):\n    return x\n",
              List.of("assert f(1) == 1"),
              null,
              null,
              5000,
              OnTimeout.CASE);
      assertThat(pool.submit(job).get(60, TimeUnit.SECONDS).passRate()).hasValue(1);
      List<Path> groups = groups(parent);
      assertThat(groups).hasSize(1);
      assertThat(Files.readAllLines(groups.get(0).resolve("cgroup.procs"))).hasSizeGreaterThan(1);
    }
    assertThat(groups(parent)).isEmpty();
  }

  private static MemoryGroup real() {
    Optional<MemoryGroup> group = MemoryGroup.create(LIMIT);
    Assumptions.assumeTrue(
        group.isPresent(), "Control groups that bound memory cannot be made here");
    return group.orElseThrow();
  }

  private static int exitOf(MemoryGroup group, String program) throws Exception {
    Path python = PythonRunner.interpreter(Optional.empty());
    Process process =
        new ProcessBuilder(group.enclosing(List.of(python.toString(), "-I", "-c", program)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static List<Path> groups(Path parent) throws IOException {
    String own = "couplet-sandbox-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(path -> path.getFileName().toString().startsWith(own)).toList();
    }
  }
}
