package io.couplet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Flink's REST interface as the web UI sees it. */
public final class FlinkRest {
  private static final String GROUP = ".couplet.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  /**
   * @param address http://host:port
   */
  public FlinkRest(String address) {
    this.address = address;
  }

  /** The answer as text. */
  public String text(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString())
        .body();
  }

  /** The answer as JSON; a missing node while nobody listens. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    try {
      return JSON.readTree(text(path));
    } catch (ConnectException e) {
      return MissingNode.getInstance();
    }
  }

  /** The jobs that have not ended, by name. */
  public Map<String, JsonNode> jobs() throws IOException, InterruptedException {
    Map<String, JsonNode> jobs = new TreeMap<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (job.path("end-time").asLong() < 0) {
        jobs.put(job.path("name").asText(), job);
      }
    }
    return jobs;
  }

  /** All jobs of a name, those included that have ended, oldest first. */
  List<JsonNode> jobsOf(String name) throws IOException, InterruptedException {
    List<JsonNode> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (job.path("name").asText().equals(name)) {
        jobs.add(job);
      }
    }
    jobs.sort(Comparator.comparingLong(job -> job.path("start-time").asLong()));
    return jobs;
  }

  /** Pages that could show a configuration: the cluster's, and of every job that has not ended. */
  public List<String> pages() throws IOException, InterruptedException {
    List<String> pages =
        new ArrayList<>(
            List.of("/config", "/jobmanager/config", "/jobmanager/environment", "/jobmanager/log"));
    for (JsonNode job : jobs().values()) {
      String path = "/jobs/" + job.path("jid").asText();
      pages.addAll(List.of(path, path + "/config", path + "/exceptions", path + "/plan"));
    }
    return pages;
  }

  /**
   * The metrics of a job in the group couplet, by their names without it; of several subtasks the
   * largest value.
   */
  public Map<String, Double> coupletMetrics(String job) throws IOException, InterruptedException {
    Map<String, Double> values = new TreeMap<>();
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/metrics";
      List<String> ids = new ArrayList<>();
      for (JsonNode metric : get(path)) {
        if (metric.path("id").asText().contains(GROUP)) {
          ids.add(URLEncoder.encode(metric.path("id").asText(), StandardCharsets.UTF_8));
        }
      }
      if (!ids.isEmpty()) {
        for (JsonNode metric : get(path + "?get=" + String.join(",", ids))) {
          String id = metric.path("id").asText();
          values.merge(
              id.substring(id.indexOf(GROUP) + GROUP.length()),
              metric.path("value").asDouble(),
              Math::max);
        }
      }
    }
    return values;
  }

  /** Status of the answer to an empty POST. */
  public int post(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(address + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  /** Asks for a job to be cancelled. */
  public void cancel(String id) throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(address + "/jobs/" + id + "?mode=cancel"))
            .method("PATCH", HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.discarding());
  }
}
