package io.couplet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;

/** Flink's REST interface as the web UI sees it. */
public final class FlinkRest {
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

  /** Asks for a job to be cancelled. */
  public void cancel(String id) throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(address + "/jobs/" + id + "?mode=cancel"))
            .method("PATCH", HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.discarding());
  }
}
