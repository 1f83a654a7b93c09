package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemSplit;
import io.couplet.worker.scripted.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The run 'r' as a user has it, in a directory of its own: commands are processes of their own; the
 * worker is scripted (answers from a file, no model), the learner, sandbox, broker and Flink are
 * real.
 */
final class ScriptedRun {
  /** Problems of the run, visited again and again. */
  static final int PROBLEMS = 32;

  private static final long PATIENCE_SECONDS = 240;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  private ScriptedRun(Path directory) {
    this.directory = directory;
  }

  /** A run whose policy and {@code run.yaml} are there already. */
  static ScriptedRun at(Path directory) {
    return new ScriptedRun(directory);
  }

  /** Writes policy, script and {@code run.yaml}; starts nothing. */
  static ScriptedRun in(Path directory) throws IOException {
    SmallPolicy.write(directory.resolve("policy"));
    Script.halfSolved(new ProblemGenerator(ProblemSplit.TRAINING, 1).distinct(PROBLEMS))
        .write(directory.resolve("script.jsonl"));
    Files.writeString(
        directory.resolve("run.yaml"),
        String.join(
            "\n",
            "name: r",
            "policy: {initial: policy}",
            "problems: {count: " + PROBLEMS + "}",
            "groups: {size: 4}",
            "admission: {groups_per_update: 2}",
            "decoding: {length: 48}",
            "evaluation: {every: 0}",
            "local: {scripted: script.jsonl}",
            ""));
    return new ScriptedRun(directory);
  }

  /** Starts a command; {@link #printed} by this name is what it prints. */
  Process couplet(String name, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // lives too briefly for the second compiler
                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.couplet",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                "io.couplet.cli.Couplet"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(name + ".out").toFile())
        .start();
  }

  /** What a command prints that succeeds. */
  String answer(String... arguments) throws Exception {
    assertThat(end(couplet("answer", arguments))).as(printed("answer")).isZero();
    return printed("answer");
  }

  String printed(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".out"));
  }

  /** {@code run.log}, where a run says what has happened to it. */
  String log() throws IOException {
    return Files.readString(directory.resolve("runs/r/logs/run.log"));
  }

  /** Waits for a command's end; returns its exit code. */
  static int end(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns when {@code metrics.jsonl} has that many updates. */
  void awaitUpdates(Process run, String name, int updates) throws Exception {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (steps().size() < updates + 1) {
      assertThat(run.isAlive()).as(printed(name)).isTrue();
      assertThat(System.nanoTime()).as(printed(name)).isLessThan(giveUp);
      Thread.sleep(100);
    }
  }

  /** Processes that a command has started, directly or not. */
  static Set<Long> descendants(Process process) {
    return process.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  /** Returns when none of these processes is left. */
  static void awaitGone(Set<Long> processes) throws InterruptedException {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (long pid : processes) {
      while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
        assertThat(System.nanoTime()).as("process " + pid + " is gone").isLessThan(giveUp);
        Thread.sleep(50);
      }
    }
  }

  /** The descendant of a command that runs a main class. */
  static ProcessHandle descendant(Process process, String mainClass) {
    return descendants(process, mainClass).stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("No process runs " + mainClass));
  }

  /** Descendants of a command in whose command line a word stands. */
  static List<ProcessHandle> descendants(Process process, String word) {
    return process.descendants().filter(child -> commandLine(child.pid()).contains(word)).toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  /** Steps in {@code metrics.jsonl}, in their order. */
  List<Long> steps() throws IOException {
    return metrics().stream().map(line -> line.path("step").asLong()).toList();
  }

  List<JsonNode> metrics() throws IOException {
    Path file = directory.resolve("runs/r/metrics.jsonl");
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }
}
