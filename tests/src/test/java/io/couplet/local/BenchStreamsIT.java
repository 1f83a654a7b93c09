package io.couplet.local;

import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench streams} as a user has it, over a few updates. */
@Timeout(400)
class BenchStreamsIT {
  private static final int UPDATES = 4;
  private static final int ROLLOUTS_OF_AN_UPDATE = 8;

  @TempDir private Path directory;

  @Test
  void theReportIsJsonWhoseFiguresAgreeWithEachOther() throws Exception {
    SmallPolicy.write(directory.resolve("policy"));
    ScriptedRun bench = ScriptedRun.at(directory);
    Process process =
        bench.couplet(
            "bench",
            "bench",
            "streams",
            "--json",
            "--warm-up",
            "1",
            "--updates",
            Integer.toString(UPDATES),
            "--set",
            "policy.initial=policy",
            "--set",
            "groups.size=4",
            "--set",
            "admission.groups_per_update=2",
            "--set",
            "decoding.length=48");
    assertThat(end(process)).as(bench.printed("bench")).isZero();
    String printed = bench.printed("bench");
    // Notes go to standard error, which comes before the one line of the report.
    JsonNode report = new ObjectMapper().readTree(printed.substring(printed.indexOf("{\"")));

    assertThat(names(report))
        .containsExactlyInAnyOrder(
            "worker",
            "rollouts",
            "seconds",
            "rolloutsPerSecond",
            "recordsPerSecond",
            "streamingMicrosPerRollout",
            "streamingShare",
            "parts",
            "threads",
            "hops");
    assertThat(printed).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(report.path("worker").asText()).startsWith("scripted");
    requireRates(report);
    requireParts(report);
    requireHops(report);
  }

  private static void requireRates(JsonNode report) {
    double seconds = report.path("seconds").asDouble();
    double rollouts = report.path("rollouts").asDouble();
    assertThat(seconds).isPositive();
    assertThat(rollouts).isEqualTo(UPDATES * ROLLOUTS_OF_AN_UPDATE);
    assertThat(report.path("rolloutsPerSecond").asDouble())
        .isCloseTo(rollouts / seconds, within(1e-9));
    // Each has a record of its own, and a reward.
    assertThat(report.path("recordsPerSecond").asDouble()).isGreaterThan(rollouts / seconds);
  }

  private static void requireParts(JsonNode report) {
    double share = 0;
    double micros = 0;
    double learner = 0;
    for (JsonNode part : report.path("parts")) {
      share += part.path("share").asDouble();
      if (part.path("name").asText().equals("learner")) {
        // Its clock counts nanoseconds; those of other processes tick too slowly for so short a
        // run.
        learner = part.path("share").asDouble();
      }
      micros += part.path("microsPerRollout").asDouble();
    }
    assertThat(report.path("parts")).hasSize(6);
    assertThat(share).isCloseTo(1, within(1e-9));
    assertThat(learner).isPositive();
    assertThat(report.path("streamingShare").asDouble())
        .isBetween(0.0, 1.0)
        .isCloseTo(report.path("streamingMicrosPerRollout").asDouble() / micros, within(1e-9));
    assertThat(report.path("threads")).isNotEmpty();
  }

  private static void requireHops(JsonNode report) {
    JsonNode hops = report.path("hops");
    assertThat(names(hops))
        .containsExactlyInAnyOrder(
            "version announced -> first call with it",
            "worker call -> rollout record, without the worker",
            "rollout record -> reward record, without judging",
            "last reward of a group -> tape record");
    long records = 0;
    for (JsonNode hop : hops) {
      records += hop.path("count").asLong();
      if (hop.path("count").asLong() == 0) {
        assertThat(hop.path("p50Ms").isNull() && hop.path("p99Ms").isNull()).isTrue();
      } else {
        assertThat(hop.path("p50Ms").asDouble()).isBetween(0.0, hop.path("p99Ms").asDouble());
      }
    }
    // A record ends at most one hop; some only begin one.
    double written = report.path("recordsPerSecond").asDouble() * report.path("seconds").asDouble();
    assertThat((double) records).isPositive().isLessThanOrEqualTo(written + 1e-6);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
