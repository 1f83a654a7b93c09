package io.couplet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.sandbox.CompletionFormat.Completion;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionFormatTest {
  private static final CompletionFormat FORMAT = CompletionFormat.PYTHON;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```python\nx = 1\n```",
        "Here it is:\n```python\nx = 1\n```",
        "Here it is:\n```python\nx = 1\n```\n",
        "```python\nx = 1\n```<|im_end|>anything ``` after it",
        "```python\nx = 1\n```\n<|endoftext|><|endoftext|>"
      })
  void oneFencedBlockAtTheEndIsWellFormed(String text) {
    Completion completion = FORMAT.read(text);
    assertThat(completion.wellFormed()).isTrue();
    assertThat(completion.runnable()).hasValue("x = 1\n");
    assertThat(completion.formatReward(true)).isEqualTo(1);
    assertThat(completion.formatReward(false)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x = 1",
        "```python\nx = 1\n",
        "```\nx = 1\n```",
        "```py\nx = 1\n```",
        "```python x = 1```",
        "```python\nx = 1\n``` and so it goes",
        "```python\nx = 1\n```\n\n",
        "```python\nx = 1\n```\n```python\ny = 2\n```",
        "```text\nno\n```\n```python\nx = 1\n```",
        "<|im_end|>```python\nx = 1\n```"
      })
  void anyOtherFormScoresNothingAndIsNotRun(String text) {
    Completion completion = FORMAT.read(text);
    assertThat(completion.wellFormed()).isFalse();
    assertThat(completion.runnable()).isEmpty();
    assertThat(completion.formatReward(true)).isZero();
  }

  @Test
  void theFirstBlockIsTakenEvenWhenTheFormIsWrong() {
    assertThat(FORMAT.read("```python\nx = 1\n``` and more").program()).isEqualTo("x = 1\n");
  }

  @Test
  void hostileTextCostsNoMoreThanItsLength() {
    String text = "`".repeat(2_000_000) + "``` python".repeat(500_000);
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> FORMAT.read(text));
  }

  @Property
  void whateverIsFencedComesBack(@ForAll String program, @ForAll String talk) {
    String body = program.replace("`", "").replace("<|", "");
    String before = talk.replace("`", "").replace("<|", "");
    Completion completion = FORMAT.read(before + "```python\n" + body + "```");
    assertThat(completion.runnable()).hasValue(body);
  }
}
