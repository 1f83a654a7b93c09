package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.config.ProblemsSection;
import io.couplet.config.PromptStyle;
import io.couplet.schemas.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemRecordsTest {
  private static Problem.Builder valid() {
    return Problem.newBuilder(Problems.problem("p", "Add one."));
  }

  @Test
  void aProblemWithATestAndOneTextIsFine() {
    assertThat(ProblemRecords.refusal(valid().build())).isEmpty();
    assertThat(ProblemRecords.refusal(valid().setQuestion(null).setPrompt("def f").build()))
        .isEmpty();
  }

  @Test
  void whatCannotBeTrainedOnIsRefusedWithItsReason() {
    assertThat(ProblemRecords.refusal(valid().setTests(List.of()).build()))
        .hasValueSatisfying(why -> assertThat(why).contains("no tests"));
    assertThat(ProblemRecords.refusal(valid().setQuestion(null).build()))
        .hasValueSatisfying(why -> assertThat(why).contains("neither"));
    assertThat(ProblemRecords.refusal(valid().setPrompt("def f").build()))
        .hasValueSatisfying(why -> assertThat(why).contains("both"));
    assertThat(ProblemRecords.refusal(valid().setId(" ").build())).isPresent();
    assertThat(ProblemRecords.refusal(valid().setTimeoutMs(0).build())).isPresent();
  }

  @Test
  void recordsAndRuntimeProblemsAreTheSameThing() {
    Problem record = valid().setEntryPoint("add").setSetup("import os").setTimeoutMs(9).build();
    assertThat(ProblemRecords.toRecord(ProblemRecords.toRuntime(record))).isEqualTo(record);
  }

  @Test
  void theSystemMessageOfTheRunIsUsedWhereTheProblemHasNone() {
    ProblemsSection chat = new ProblemsSection("none", 1, 0, PromptStyle.CHAT, "Be brief.", 100);
    assertThat(ProblemRecords.prompt(valid().build(), chat)).contains("Be brief.");
    assertThat(ProblemRecords.prompt(valid().setSystem("Be kind.").build(), chat))
        .contains("Be kind.")
        .doesNotContain("Be brief.");
  }
}
