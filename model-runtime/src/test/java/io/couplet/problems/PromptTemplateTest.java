package io.couplet.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTemplateTest {
  private static Problem question(String text, String system) {
    return new Problem(
        "q",
        text,
        system,
        null,
        List.of("assert f(1) == 2", "assert f(2) == 3"),
        "f",
        null,
        null,
        null,
        List.of());
  }

  @Test
  void chatIsOneSystemTurnOneUserTurnAndAnOpenAssistantTurn() {
    assertThat(PromptTemplate.CHAT.render(question("Increment.", null)))
        .isEqualTo(
            """
            <|im_start|>system
            You are a helpful assistant.<|im_end|>
            <|im_start|>user
            Increment.<|im_end|>
            <|im_start|>assistant
            """);
    assertThat(PromptTemplate.CHAT.render(question("Increment.", "Be brief.")))
        .startsWith("<|im_start|>system\nBe brief.<|im_end|>\n");
  }

  @Test
  void releasedRecipeShowsTheFirstTestUnlessThereIsAStub() {
    assertThat(PromptTemplate.RELEASED.render(question("Increment.", null)))
        .contains("user\nIncrement.\nTest cases: assert f(1) == 2<|im_end|>");
    String stub = "Increment.\n```python\ndef f(x):\n```";
    assertThat(PromptTemplate.RELEASED.render(question(stub, null))).doesNotContain("Test cases");
  }

  @Test
  void aPromptIsContinuedAsItStandsUnderEveryTemplate() {
    Problem problem =
        new Problem(
            "p",
            null,
            null,
            "def f(x):\n",
            List.of("assert f(1)"),
            null,
            null,
            null,
            null,
            List.of());
    for (PromptTemplate template : PromptTemplate.values()) {
      assertThat(template.render(problem)).isEqualTo("def f(x):\n");
    }
  }

  @Test
  void templatesAreFoundByName() {
    assertThat(PromptTemplate.named("Released")).isEqualTo(PromptTemplate.RELEASED);
    assertThatThrownBy(() -> PromptTemplate.named("alpaca"))
        .hasMessageContaining("alpaca")
        .hasMessageContaining("raw, chat, released");
  }
}
