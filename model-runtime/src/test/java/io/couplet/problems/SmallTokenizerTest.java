package io.couplet.problems;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SmallTokenizerTest {
  private static HuggingFaceTokenizer tokenizer;

  @BeforeAll
  @BeforeContainer
  static void writeAndLoad() throws IOException {
    Path folder = Files.createTempDirectory("small-tokenizer");
    SmallTokenizer.write(folder);
    try (InputStream in = Files.newInputStream(folder.resolve("tokenizer.json"))) {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              in, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
    }
    for (String name : List.of("tokenizer.json", "tokenizer_config.json", "")) {
      Files.delete(folder.resolve(name));
    }
  }

  @AfterAll
  @AfterContainer
  static void free() {
    tokenizer.close();
  }

  private static long[] encode(String text) {
    return tokenizer.encode(text, false, false).getIds();
  }

  @Test
  void everyPromptAndSolutionComesBackExactlyInFewTokens() {
    for (ProblemSplit split : ProblemSplit.values()) {
      ProblemGenerator generator = new ProblemGenerator(split, 21);
      for (int i = 0; i < 40 * generator.families().size(); i++) {
        var exercise = generator.exercise(i).exercise();
        long[] prompt = encode(exercise.prompt());
        long[] body = encode(exercise.body());
        assertThat(tokenizer.decode(prompt, true)).isEqualTo(exercise.prompt());
        assertThat(tokenizer.decode(body, true)).isEqualTo(exercise.body());
        assertThat(prompt.length)
            .as(exercise.prompt())
            .isLessThanOrEqualTo(SmallPolicy.PROMPT_LENGTH);
        assertThat(body.length).as(exercise.body()).isLessThan(SmallPolicy.COMPLETION_LENGTH);
        assertThat(encode(exercise.prompt() + exercise.body()))
            .isEqualTo(concatenated(prompt, body));
      }
    }
  }

  private static long[] concatenated(long[] first, long[] second) {
    long[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Property(tries = 300)
  void printableAsciiComesBackExactly(
      @ForAll @StringLength(min = 1, max = 80) @CharRange(from = ' ', to = '~') String text) {
    assertThat(tokenizer.decode(encode(text), false)).isEqualTo(text);
  }

  @Property(tries = 300)
  void anyTextIsTokenizedWithIdsOfTheVocabulary(@ForAll @StringLength(max = 60) String text) {
    assertThat(Arrays.stream(encode(text)))
        .allMatch(id -> id >= 0 && id < SmallTokenizer.vocabularySize());
  }

  @Test
  void specialTokensHaveTheIdsThatTheModelConfigurationUses() {
    assertThat(encode("<|pad|>")).containsExactly(SmallTokenizer.padId());
    assertThat(encode("<|endoftext|>")).containsExactly(SmallTokenizer.endOfTextId());
    assertThat(encode("<|im_end|>")).containsExactly(SmallTokenizer.turnEndId());
    assertThat(encode("<|mask|>")).containsExactly(SmallTokenizer.maskId());
    assertThat(tokenizer.decode(new long[] {SmallTokenizer.endOfTextId()}, true)).isEmpty();
  }
}
