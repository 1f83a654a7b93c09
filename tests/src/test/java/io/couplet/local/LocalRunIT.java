package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemSplit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code couplet run} as a user starts it: a process of its own, with a scripted worker (answers
 * from a file, no model) and a real learner, sandbox, broker and Flink.
 */
class LocalRunIT {
  private static final int PROBLEMS = 32;
  private static final long PATIENCE_SECONDS = 240;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void aRunStopsOnRequestResumesReachesItsStepReplaysAndLeavesNothingBehind() throws Exception {
    prepare();
    Process first = couplet("first", "run", "--config", "run.yaml");
    JsonNode status = awaitUpdate(first);
    assertThat(status.path("state").asText()).isEqualTo("RUNNING");
    assertMetricsAreServed(status);
    assertThat(end(couplet("again", "run", "--name", "r"))).isEqualTo(1);
    assertThat(printed("again")).contains("is going already");
    Set<Long> family = descendants(first);

    first.destroy();
    assertThat(end(first)).isEqualTo(130);

    assertThat(family).isNotEmpty().allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
    long reached = steps().get(steps().size() - 1);

    Process second =
        couplet("second", "run", "--name", "r", "--until-step", Long.toString(reached + 2));
    assertThat(end(second)).as(printed("second")).isZero();

    assertThat(steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, reached + 2).boxed().toList());
    assertThat(metrics().subList(1, metrics().size()))
        .allSatisfy(
            update -> {
              assertThat(update.path("reward_mean").asDouble()).isBetween(0.0, 1.0);
              assertThat(update.path("staleness_max").asLong()).isBetween(0L, 1L);
              assertThat(update.path("weights_sha256").asText()).hasSize(64);
            });

    assertThat(end(couplet("generate", "generate", "--policy", "r@1", "--prompt", "def f(x):")))
        .as(printed("generate"))
        .isZero();
    assertThat(end(couplet("absent", "generate", "--policy", "r@9999", "--prompt", "x")))
        .isEqualTo(2);
    assertThat(printed("absent")).contains("'r' has no version 9999: its last one is ");

    assertThat(end(couplet("replay", "replay", "r"))).as(printed("replay")).isZero();
    assertThat(printed("replay")).contains("verified:").doesNotContain("NOT");
  }

  private void prepare() throws IOException {
    SmallPolicy.write(directory.resolve("policy"));
    List<String> script = new ArrayList<>();
    for (Problem problem : new ProblemGenerator(ProblemSplit.TRAINING, 1).distinct(PROBLEMS)) {
      script.add(
          JSON.writeValueAsString(
              Map.of(
                  "problem_id",
                  problem.id(),
                  "solutions",
                  List.of(problem.solution()),
                  "corruptions",
                  List.of("    return None"),
                  "solve_rate",
                  0.5)));
    }
    Files.write(directory.resolve("script.jsonl"), script);
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
  }

  private JsonNode awaitUpdate(Process run) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (steps().size() < 2) {
      assertThat(run.isAlive()).as(printed("first")).isTrue();
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(100);
    }
    assertThat(end(couplet("status", "status", "--json"))).isZero();
    return JSON.readTree(printed("status"));
  }

  private static void assertMetricsAreServed(JsonNode status) throws Exception {
    String web = status.path("endpoints").path("web").asText();
    assertThat(get(web + "/jobs/overview")).contains("r rollout").contains("r learner");
    String prometheus = get(status.path("endpoints").path("metrics").asText());
    assertThat(prometheus)
        .contains("couplet_learner_")
        .contains("couplet_rollouts_")
        .contains("couplet_rewards_")
        .contains("couplet_groups_");
  }

  private static String get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }

  private Process couplet(String name, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
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

  private String printed(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".out"));
  }

  private static int end(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Set<Long> descendants(Process process) {
    return process.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  private List<Long> steps() throws IOException {
    return metrics().stream().map(line -> line.path("step").asLong()).toList();
  }

  private List<JsonNode> metrics() throws IOException {
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
