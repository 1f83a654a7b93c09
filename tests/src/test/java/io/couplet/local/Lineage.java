package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Follows {@code couplet inspect} from a policy version to what it was made of, and back. */
final class Lineage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Lineage() {}

  /** Of the version that update 1 made: its groups, their samples, rewards and problems. */
  static void require(ScriptedRun run) throws Exception {
    JsonNode update = JSON.readTree(run.answer("ledger", "--name", "r", "--step", "1", "--json"));
    String version = "v" + update.path("version_out").asLong();
    JsonNode report = JSON.readTree(run.answer("inspect", version, "--name", "r", "--json"));

    assertThat(report.path("policy").path("sha256").asText())
        .isEqualTo(update.path("policy_sha256").asText());
    assertThat(report.path("update")).isEqualTo(update);
    assertThat(groups(report.path("groups")))
        .isNotEmpty()
        .containsExactlyElementsOf(groups(update.path("groups")));
    for (JsonNode group : report.path("groups")) {
      requireWhole(group);
    }
    String words = run.answer("inspect", version, "--name", "r");
    assertThat(words).contains("made by update 1 from v0").contains(groups(update.path("groups")));

    JsonNode group = report.path("groups").get(0);
    requireTheWayBack(run, update, group);
  }

  private static List<String> groups(JsonNode nodes) {
    List<String> names = new ArrayList<>();
    nodes.forEach(node -> names.add(node.path("group").asText()));
    return names;
  }

  /** Every sample with its problem and policy; the rewards that count are those it learned from. */
  private static void requireWhole(JsonNode group) {
    String name = group.path("group").asText();
    JsonNode trained = group.path("tape").path("members");
    assertThat(group.path("rollouts")).as(name).hasSize(trained.size()).hasSize(4);
    for (JsonNode rollout : group.path("rollouts")) {
      assertThat(name).startsWith(rollout.path("problem").path("id").asText() + "@");
      assertThat(rollout.path("problem").path("tests")).isNotEmpty();
      assertThat(rollout.path("policy_version").asLong()).isZero();
      assertThat(rollout.path("policy_sha256").asText()).hasSize(64);
    }
    Map<Integer, Double> tests = new TreeMap<>();
    for (JsonNode reward : group.path("rewards").path("tests")) {
      if (reward.path("counted").asBoolean()) {
        assertThat(reward.path("cases")).isNotEmpty();
        tests.put(reward.path("member").asInt(), reward.path("value").asDouble());
      }
    }
    assertThat(tests).hasSize(trained.size());
    for (JsonNode member : trained) {
      for (JsonNode reward : member.path("rewards")) {
        if (reward.path("source").asText().equals("tests")) {
          assertThat(reward.path("value").asDouble())
              .isEqualTo(tests.get(member.path("member").asInt()));
        }
      }
    }
  }

  /** From a group, and from one of its samples, to the update and the version it made. */
  private static void requireTheWayBack(ScriptedRun run, JsonNode update, JsonNode group)
      throws Exception {
    String name = group.path("group").asText();
    JsonNode alone = JSON.readTree(run.answer("inspect", name, "--name", "r", "--json"));
    assertThat(alone.path("update")).isEqualTo(update);
    assertThat(alone.path("rollouts")).isEqualTo(group.path("rollouts"));
    assertThat(alone.path("fate").asText()).endsWith("used by update 1, which made policy v1");

    JsonNode rollout = group.path("rollouts").get(2);
    String sample = run.answer("inspect", name + "#2", "--name", "r");
    assertThat(sample)
        .contains("problem " + rollout.path("problem").path("id").asText())
        .contains("sample " + name + "#2   policy v0")
        .doesNotContain("sample " + name + "#1")
        .contains("used by update 1, which made policy v1");
  }
}
