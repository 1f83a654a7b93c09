package io.couplet.local;

import static io.couplet.local.ScriptedRun.awaitGone;
import static io.couplet.local.ScriptedRun.descendant;
import static io.couplet.local.ScriptedRun.descendants;
import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.local.broker.BrokerMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed without warning, as a whole and in its parts: nothing is left behind, the
 * same command goes on, every update is made once from groups that are used once, and a replay
 * finds the hashes of a run that nothing had disturbed.
 */
class KilledRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void aRunOutlivesTheDeathOfItsJvmOfItsWorkerAndOfItsBroker() throws Exception {
    ScriptedRun run = ScriptedRun.in(directory);
    Process first = run.couplet("first", "run", "--config", "run.yaml");
    run.awaitUpdates(first, "first", 2);
    Set<Long> family = descendants(first);
    first.destroyForcibly();
    awaitGone(family);

    Process second = run.couplet("second", "run", "--name", "r");
    run.awaitUpdates(second, "second", run.steps().size() + 1);
    descendant(second, "worker").destroyForcibly();
    run.awaitUpdates(second, "second", run.steps().size() + 1);
    int before = run.steps().size();
    descendant(second, BrokerMain.class.getName()).destroyForcibly();
    // More than was on its way when the broker died.
    run.awaitUpdates(second, "second", before + 3);
    family = descendants(second);
    second.destroyForcibly();
    awaitGone(family);

    long last = run.steps().size() + 1L;
    Process third = run.couplet("third", "run", "--name", "r", "--until-step", Long.toString(last));
    assertThat(end(third)).as(run.printed("third")).isZero();

    assertThat(run.steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, last).boxed().toList());
    assertEveryGroupIsUsedOnceAndNoRewardIsInvented(run);
    assertThat(end(run.couplet("replay", "replay", "r"))).as(run.printed("replay")).isZero();
    assertThat(run.printed("replay")).contains("verified:").doesNotContain("NOT");
  }

  private static void assertEveryGroupIsUsedOnceAndNoRewardIsInvented(ScriptedRun run)
      throws Exception {
    assertThat(end(run.couplet("ledger", "ledger", "--name", "r", "--json"))).isZero();
    List<String> used = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (String line : run.printed("ledger").lines().toList()) {
      JsonNode entry = JSON.readTree(line);
      steps.add(entry.path("step").asLong());
      for (JsonNode group : entry.path("groups")) {
        used.add(group.path("group").asText());
        assertThat(group.path("reward_mean").asDouble()).isBetween(0.0, 1.0);
      }
    }
    assertThat(steps).isNotEmpty().doesNotHaveDuplicates().isSorted();
    assertThat(used).isNotEmpty().doesNotHaveDuplicates();
  }
}
