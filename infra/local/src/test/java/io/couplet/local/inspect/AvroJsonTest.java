package io.couplet.local.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.schemas.EvaluatedProblem;
import io.couplet.schemas.Evaluation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvroJsonTest {
  private static Evaluation evaluation(double seconds, float temperature) {
    return Evaluation.newBuilder()
        .setRun("NaN")
        .setVersion(3)
        .setStep(3)
        .setPolicySha256("aa")
        .setSamples(1)
        .setTemperature(temperature)
        .setPassAt(Map.of("1", 0.5, "10", Double.NaN))
        .setArNess(Map.of())
        .setProblems(List.of(new EvaluatedProblem("NaN", 1, 1)))
        .setSeconds(seconds)
        .setCreatedMs(1)
        .build();
  }

  @Test
  void aNumberThatJsonCannotHoldIsNullAndTheSameWordAsATextStays() throws Exception {
    JsonNode tree = AvroJson.of(evaluation(Double.POSITIVE_INFINITY, Float.NaN));

    assertThat(tree.get("seconds").isNull()).isTrue();
    assertThat(tree.get("temperature").isNull()).isTrue();
    assertThat(tree.get("pass_at").get("10").isNull()).isTrue();
    assertThat(tree.get("pass_at").get("1").doubleValue()).isEqualTo(0.5);
    assertThat(tree.get("run").textValue()).isEqualTo("NaN");
    assertThat(tree.get("problems").get(0).get("problem_id").textValue()).isEqualTo("NaN");
    assertThat(new ObjectMapper().readTree(tree.toString())).isEqualTo(tree);
  }

  @Test
  void finiteNumbersStayNumbers() {
    JsonNode tree = AvroJson.of(evaluation(2.5, 1));

    assertThat(tree.get("seconds").doubleValue()).isEqualTo(2.5);
    assertThat(tree.get("temperature").doubleValue()).isEqualTo(1);
    assertThat(tree.get("version").longValue()).isEqualTo(3);
  }
}
