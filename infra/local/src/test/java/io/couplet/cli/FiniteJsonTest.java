package io.couplet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.bench.FailuresBenchmark;
import io.couplet.bench.HopLatencies;
import io.couplet.local.run.FaultyRun.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiniteJsonTest {
  private static JsonNode written(Object value) throws Exception {
    return FiniteJson.mapper().readTree(FiniteJson.mapper().writeValueAsString(value));
  }

  @Test
  void whatIsUndefinedIsNullWhereverItStands() throws Exception {
    JsonNode hop = written(new HopLatencies.Percentiles(0, Double.NaN, Double.POSITIVE_INFINITY));
    assertThat(hop.path("p50Ms").isNull()).isTrue();
    assertThat(hop.path("p99Ms").isNull()).isTrue();
    assertThat(written(List.of(Double.NEGATIVE_INFINITY, 2.0)).toString()).isEqualTo("[null,2.0]");
    Map<String, Double> map = new LinkedHashMap<>();
    map.put("a", Double.NaN);
    assertThat(written(map).toString()).isEqualTo("{\"a\":null}");
    assertThat(FiniteJson.mapper().valueToTree(map).path("a").isNull()).isTrue();
  }

  @Test
  void aKillThatTheRunDidNotOutliveHasNoTimeToResume() throws Exception {
    JsonNode kill = written(new FailuresBenchmark.Kill(Fault.WORKER, "", 3, Double.NaN));
    assertThat(kill.path("resumeSeconds").isNull()).isTrue();
    assertThat(kill.path("step").asLong()).isEqualTo(3);
  }
}
