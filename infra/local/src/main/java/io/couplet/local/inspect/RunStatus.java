package io.couplet.local.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.local.rundir.Endpoints;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunLock;
import io.couplet.local.rundir.RunManifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run is doing, from its directory and, when it is going, its Flink cluster; no broker is
 * needed or started.
 *
 * @param live where it listens; empty when it is not going
 * @param jobs state of each job, by name; empty when it is not going
 * @param latest the last line of metrics.jsonl; empty before the first
 * @param heldOut the last evaluation: step and pass@1; empty before the first
 */
public record RunStatus(
    String name,
    Optional<Endpoints> live,
    Map<String, String> jobs,
    Optional<JsonNode> latest,
    Optional<JsonNode> heldOut) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Looks at a run; empty when there is none. */
  public static Optional<RunStatus> of(RunDirectory directory)
      throws IOException, InterruptedException {
    if (!directory.exists()) {
      return Optional.empty();
    }
    RunManifest.open(directory);
    Optional<Endpoints> live = Optional.empty();
    Optional<RunLock> lock = RunLock.tryTake(directory);
    if (lock.isPresent()) {
      lock.get().close();
    } else {
      live = Endpoints.read(directory);
    }
    List<JsonNode> updates = new ArrayList<>();
    if (Files.exists(directory.metrics())) {
      for (String line : Files.readAllLines(directory.metrics())) {
        updates.add(JSON.readTree(line));
      }
    }
    return Optional.of(
        new RunStatus(
            directory.name(),
            live,
            live.isEmpty() || live.get().web().isBlank() ? Map.of() : jobs(live.get().web()),
            updates.isEmpty() ? Optional.empty() : Optional.of(updates.get(updates.size() - 1)),
            updates.stream().filter(line -> line.has("held_out_step")).reduce((a, b) -> b)));
  }

  private static Map<String, String> jobs(String web) throws InterruptedException {
    Map<String, String> states = new TreeMap<>();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(web + "/jobs/overview")).timeout(PATIENCE).build();
      String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      for (JsonNode job : JSON.readTree(body).path("jobs")) {
        states.put(job.path("name").asText(), job.path("state").asText());
      }
    } catch (IOException e) {
      states.put("(the web UI does not answer: " + e.getMessage() + ")", "");
    }
    return states;
  }

  /** The status as one object. */
  public ObjectNode json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", name);
    node.put("state", live.isPresent() ? "RUNNING" : "STOPPED");
    live.ifPresent(endpoints -> node.set("endpoints", JSON.valueToTree(endpoints)));
    node.set("jobs", JSON.valueToTree(jobs));
    latest.ifPresent(line -> node.set("latest", line));
    heldOut.ifPresent(
        line -> {
          node.set("held_out_pass@1", line.get("held_out_pass@1"));
          node.set("held_out_step", line.get("held_out_step"));
        });
    return node;
  }

  /** The status in words. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        name + live.map(endpoints -> "   going, process " + endpoints.pid()).orElse("   stopped"));
    live.ifPresent(
        endpoints -> {
          lines.add("  web UI    " + endpoints.web());
          lines.add("  Kafka     " + endpoints.kafka());
          lines.add("  metrics   " + endpoints.metrics());
          lines.add("  workers   " + String.join(", ", endpoints.workers()));
        });
    jobs.forEach((job, state) -> lines.add("  job       " + job + " " + state));
    latest.ifPresent(
        line ->
            lines.add(
                "  step      "
                    + line.path("step").asLong()
                    + ", policy v"
                    + line.path("version").asLong()
                    + (line.has("reward_mean")
                        ? ", reward " + line.path("reward_mean").asText()
                        : "")));
    heldOut.ifPresent(
        line ->
            lines.add(
                "  held-out  pass@1 "
                    + line.path("held_out_pass@1").asText()
                    + " at step "
                    + line.path("held_out_step").asLong()));
    return lines;
  }
}
