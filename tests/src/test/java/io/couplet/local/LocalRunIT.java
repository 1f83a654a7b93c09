package io.couplet.local;

import static io.couplet.local.ScriptedRun.descendants;
import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code couplet run} as a user starts it: a process of its own, with a scripted worker (answers
 * from a file, no model) and a real learner, sandbox, broker and Flink.
 */
class LocalRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void aRunStopsOnRequestResumesReachesItsStepReplaysAndLeavesNothingBehind() throws Exception {
    ScriptedRun run = ScriptedRun.in(directory);
    Process first = run.couplet("first", "run", "--config", "run.yaml");
    JsonNode status = awaitUpdate(run, first);
    assertThat(status.path("state").asText()).isEqualTo("RUNNING");
    assertMetricsAreServed(status);
    assertThat(end(run.couplet("again", "run", "--name", "r"))).isEqualTo(1);
    assertThat(run.printed("again")).contains("is going already");
    Set<Long> family = descendants(first);

    first.destroy();
    assertThat(end(first)).isEqualTo(130);

    assertThat(family).isNotEmpty().allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
    long reached = run.steps().get(run.steps().size() - 1);

    Process second =
        run.couplet("second", "run", "--name", "r", "--until-step", Long.toString(reached + 2));
    assertThat(end(second)).as(run.printed("second")).isZero();

    assertThat(run.steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, reached + 2).boxed().toList());
    assertThat(run.metrics().subList(1, run.metrics().size()))
        .allSatisfy(
            update -> {
              assertThat(update.path("reward_mean").asDouble()).isBetween(0.0, 1.0);
              assertThat(update.path("staleness_max").asLong()).isBetween(0L, 1L);
              assertThat(update.path("weights_sha256").asText()).hasSize(64);
            });

    assertThat(end(run.couplet("generate", "generate", "--policy", "r@1", "--prompt", "def f(x):")))
        .as(run.printed("generate"))
        .isZero();
    assertThat(end(run.couplet("absent", "generate", "--policy", "r@9999", "--prompt", "x")))
        .isEqualTo(2);
    assertThat(run.printed("absent")).contains("'r' has no version 9999: its last one is ");

    assertThat(end(run.couplet("replay", "replay", "r"))).as(run.printed("replay")).isZero();
    assertThat(run.printed("replay")).contains("verified:").doesNotContain("NOT");
    Lineage.require(run);
  }

  private static JsonNode awaitUpdate(ScriptedRun run, Process first) throws Exception {
    run.awaitUpdates(first, "first", 1);
    assertThat(end(run.couplet("status", "status", "--json"))).isZero();
    return JSON.readTree(run.printed("status"));
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
}
