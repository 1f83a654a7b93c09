package io.couplet.local;

import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What must hold of a stopped run, whatever was done to it. */
final class WholeRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The gate may be this many passes over the problems ahead of the learner. */
  private static final int PASSES_UNDER_WAY = 1;

  private WholeRun() {}

  /**
   * Every step is there once, every group is used once, no problem was left out, no reward is one
   * that nobody gave, and an undisturbed replay finds every hash.
   *
   * @param last step that the run was to reach
   */
  static void require(ScriptedRun run, long last) throws Exception {
    assertThat(run.steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, last).boxed().toList());
    requireEveryGroupOnce(run);
    assertThat(end(run.couplet("replay", "replay", "r"))).as(run.printed("replay")).isZero();
    assertThat(run.printed("replay")).contains("verified:").doesNotContain("NOT");
  }

  private static void requireEveryGroupOnce(ScriptedRun run) throws Exception {
    assertThat(end(run.couplet("ledger", "ledger", "--name", "r", "--json"))).isZero();
    List<String> groups = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (String line : run.printed("ledger").lines().toList()) {
      JsonNode entry = JSON.readTree(line);
      steps.add(entry.path("step").asLong());
      for (JsonNode group : entry.path("groups")) {
        groups.add(group.path("group").asText());
        assertThat(group.path("reward_mean").asDouble()).isBetween(0.0, 1.0);
      }
      for (JsonNode drop : entry.path("drops")) {
        if (!drop.path("reason").asText().equals("DUPLICATE")) {
          groups.add(drop.path("group").asText());
        }
      }
    }
    assertThat(steps).isNotEmpty().doesNotHaveDuplicates().isSorted();
    assertThat(groups).isNotEmpty().doesNotHaveDuplicates();
    requireEveryProblemInEveryPass(groups);
  }

  /** Groups are named PROBLEM@PASS; passes that may still be under way are left out. */
  private static void requireEveryProblemInEveryPass(List<String> groups) {
    Map<Integer, Set<String>> passes = new TreeMap<>();
    for (String group : groups) {
      int at = group.lastIndexOf('@');
      passes
          .computeIfAbsent(Integer.valueOf(group.substring(at + 1)), pass -> new HashSet<>())
          .add(group.substring(0, at));
    }
    int newest = passes.keySet().stream().max(Integer::compare).orElseThrow();
    for (int pass = 0; pass < newest - PASSES_UNDER_WAY; pass++) {
      assertThat(passes.get(pass)).as("problems of pass %d", pass).hasSize(ScriptedRun.PROBLEMS);
    }
  }
}
