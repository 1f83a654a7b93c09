package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.cluster.FlinkRest;
import io.couplet.cluster.JavaProcess;
import io.couplet.files.FileTrees;
import io.couplet.local.ListeningSockets.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run in local mode, with a model, shows of itself, and to whom. */
@Timeout(300)
class ObservedRunIT {
  private static final String SECRET = "never-to-be-shown";
  private static final Path DASHBOARD = Path.of("..", "infra", "grafana", "couplet.json");
  private static final Pattern METRIC = Pattern.compile("\\bflink_[a-zA-Z0-9_]+");
  private static final Pattern REFERENCE_ROW =
      Pattern.compile(
          "(?m)^\\| `([a-zA-Z0-9.]+\\.[a-zA-Z0-9.]+)` \\| (?:gauge|counter|meter|histogram) ");

  /** The first appears with the first dropped group, the second in the job of a replay. */
  private static final Set<String> NOT_IN_EVERY_RUN =
      Set.of("groups.dropped.REASON.count", "replay.step");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static JavaProcess run;
  private static JsonNode endpoints;
  private static FlinkRest rest;

  @BeforeAll
  static void startAndTrain() throws Exception {
    Files.writeString(
        directory.resolve("run.yaml"),
        """
        name: o
        policy: {initial: '%s'}
        problems: {count: 32}
        groups: {size: 4}
        admission: {groups_per_update: 2}
        evaluation: {every: 2, problems: 2, samples: 1}
        flink: {checkpoint_interval_ms: 1000}
        kafka: {properties: {ssl.key.password: %s}}
        """
            .formatted(Path.of("..", "policies", "base").toRealPath(), SECRET));
    run =
        JavaProcess.start(
            JavaProcess.Program.couplet("run", directory, List.of("run", "--config", "run.yaml")));
    while (updates() < 2) {
      run.requireAlive();
      Thread.sleep(100);
    }
    endpoints = JSON.readTree(couplet("status", "status", "--json")).path("endpoints");
    rest = new FlinkRest(endpoints.path("web").asText());
  }

  @AfterAll
  static void stop() {
    run.close();
  }

  private static long updates() throws IOException {
    Path metrics = directory.resolve("runs/o/metrics.jsonl");
    return Files.exists(metrics) ? Files.readAllLines(metrics).size() - 1 : 0;
  }

  private static String couplet(String name, String... arguments) throws Exception {
    return JavaProcess.run(
        JavaProcess.Program.couplet(name, directory, List.of(arguments)), Duration.ofMinutes(1));
  }

  @Test
  void theFlinkInterfaceShowsEveryMetricGroupWithPlausibleValues() throws Exception {
    Map<String, Double> values = awaitValues("learner.updates", 3);
    above(0, values, "rollouts.rollouts", "rollouts.tokens", "rollouts.denoisingSteps");
    above(0, values, "rollouts.rolloutsPerSecond", "rollouts.tokensPerSecond");
    above(0, values, "rollouts.denoisingStepsPerSecond");
    between(0, 8, values, "rollouts.groupsInFlight");
    between(0, 100, values, "rollouts.retries", "rollouts.openCircuits");
    between(1, 1, values, "rollouts.workersUp");
    between(0, 1, values, "rollouts.workerBusyShare");
    above(0, values, "rewards.source.tests.rewards", "rewards.source.tests.rewardsPerSecond");
    above(0, values, "rewards.source.tests.latencyMs_p99");
    above(0, values, "rewards.source.tests.answers", "rewards.source.tests.answerMs_median");
    above(0, values, "rewards.source.tests.outcome.reward.count");
    between(0, 0, values, "rewards.source.tests.outcome.invalidValue.count");
    between(0, 1_000, values, "groups.open", "groups.zeroVariance", "groups.lateReward");
    between(0, 0, values, "groups.dropped", "groups.lateRollout", "groups.deadLetters");
    above(0, values, "groups.complete");
    above(0, values, "learner.secondsPerUpdate", "learner.gradientNorm", "learner.learningRate");
    between(0, 1, values, "learner.idleShare", "learner.rewardMean");
    between(0, 1, values, "learner.clipLowShare", "learner.clipHighShare");
    between(0, 1, values, "learner.stalenessP50", "learner.stalenessP95", "learner.stalenessMax");
    between(-10, 10, values, "learner.loss", "learner.kl");
    between(1, 1_000, values, "learner.policyVersion");
    above(0, values, "sandbox.perSecond", "sandbox.p50Ms", "sandbox.jobs");
    assertThat(values.get("sandbox.p99Ms")).isGreaterThanOrEqualTo(values.get("sandbox.p50Ms"));
    between(0, 0, values, "sandbox.outcome.INFRASTRUCTURE.verdicts");
    above(
        0,
        Map.of(
            "programs judged",
            values.get("sandbox.outcome.PASSED.verdicts")
                + values.get("sandbox.outcome.FAILED.verdicts")),
        "programs judged");
  }

  @Test
  void theReferenceNamesExactlyTheMetricsThatARunShows() throws Exception {
    Set<String> shown =
        awaitValues("evaluation.evaluated", 1).keySet().stream()
            .map(ObservedRunIT::asInTheReference)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented = new TreeSet<>();
    REFERENCE_ROW
        .matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
        .results()
        .forEach(row -> documented.add(row.group(1)));

    assertThat(documented).containsAll(shown);
    documented.removeAll(NOT_IN_EVERY_RUN);
    assertThat(shown).containsAll(documented);
  }

  private static String asInTheReference(String metric) {
    return metric
        .replaceFirst("\\.source\\.[^.]+\\.", ".source.SOURCE.")
        .replaceFirst("\\.outcome\\.[^.]+\\.", ".outcome.OUTCOME.")
        .replaceFirst("\\.dropped\\.[^.]+\\.", ".dropped.REASON.")
        .replaceFirst("_(min|max|mean|median|stddev|p\\d+)$", "");
  }

  @Test
  void everyQueryOfTheDashboardAsksForMetricsThatPrometheusGets() throws Exception {
    awaitValues("learner.updates", 1);
    PrometheusPage page =
        PrometheusPage.parse(new FlinkRest(endpoints.path("metrics").asText()).text(""));
    assertThat(page.value("flink_taskmanager_job_task_operator_couplet_learner_updates"))
        .isGreaterThanOrEqualTo(1);
    Set<String> asked = new TreeSet<>();
    queries(JSON.readTree(DASHBOARD.toFile()))
        .forEach(query -> METRIC.matcher(query).results().forEach(name -> asked.add(name.group())));

    assertThat(asked).hasSizeGreaterThan(20);
    assertThat(page.names()).containsAll(asked);
  }

  private static Stream<String> queries(JsonNode dashboard) {
    return dashboard.findValuesAsText("expr").stream();
  }

  @Test
  void everythingListensOnLoopbackAlone() throws Exception {
    List<Long> pids = new ArrayList<>(List.of(run.pid()));
    ProcessHandle.of(run.pid())
        .orElseThrow()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> pids.add(process.pid()));
    List<Listening> sockets = ListeningSockets.of(pids);

    assertThat(sockets)
        .allSatisfy(socket -> assertThat(socket.address()).matches(InetAddress::isLoopbackAddress));
    assertThat(sockets.stream().map(Listening::port).collect(Collectors.toSet()))
        .contains(
            port(endpoints.path("kafka")),
            port(endpoints.path("web")),
            port(endpoints.path("metrics")),
            port(endpoints.path("workers").get(0)));
  }

  private static int port(JsonNode address) {
    return Integer.parseInt(address.asText().replaceAll("^.*:(\\d+).*$", "$1"));
  }

  @Test
  void theWebInterfaceTakesNoJobs() throws Exception {
    assertThat(rest.get("/config").path("features").path("web-submit").asBoolean(true)).isFalse();
    assertThat(rest.post("/jars/upload")).isEqualTo(404);
    assertThat(rest.post("/jars/any.jar/run")).isEqualTo(404);
  }

  @Test
  void aSecretIsShownNowhere() throws Exception {
    assertThat(couplet("dry", "run", "--config", "run.yaml", "--dry-run"))
        .contains("ssl.key.password")
        .doesNotContain(SECRET);
    for (String page : rest.pages()) {
      assertThat(rest.text(page)).as(page).isNotEmpty().doesNotContain(SECRET);
    }
    // Kafka's segments are among them: no secret stands on a topic either.
    List<Path> logs =
        FileTrees.filesBelow(directory).stream()
            .filter(file -> file.toString().matches(".*\\.(out|log|jsonl)"))
            .toList();
    assertThat(logs).hasSizeGreaterThan(4);
    for (Path log : logs) {
      assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
          .as(log.toString())
          .doesNotContain(SECRET);
    }
  }

  /** Waits for a value, then reads all of them. */
  private static Map<String, Double> awaitValues(String name, double least) throws Exception {
    while (true) {
      run.requireAlive();
      Map<String, Double> values = new HashMap<>();
      for (JsonNode job : rest.jobs().values()) {
        values.putAll(rest.coupletMetrics(job.path("jid").asText()));
      }
      if (values.getOrDefault(name, 0.0) >= least) {
        return values;
      }
      Thread.sleep(200);
    }
  }

  private static void above(double bound, Map<String, Double> values, String... names) {
    for (String name : names) {
      assertThat(values).containsKey(name);
      assertThat(values.get(name)).as(name).isGreaterThan(bound);
    }
  }

  private static void between(
      double least, double most, Map<String, Double> values, String... names) {
    for (String name : names) {
      assertThat(values).containsKey(name);
      assertThat(values.get(name)).as(name).isBetween(least, most);
    }
  }
}
