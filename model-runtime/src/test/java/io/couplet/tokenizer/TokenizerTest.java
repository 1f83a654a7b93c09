package io.couplet.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  private static final String[] TEXTS = {
    "",
    "def f(x):\n    return x + 12\n",
    "it's <|im_end|> \t\r\n  naïve 東京 \uD83D\uDE00 \u0000 end",
    "e\u0301 is composed"
  };

  @TempDir Path directory;

  @Test
  void aWordLevelTokenizerMapsWordsAndUnknowns() throws IOException {
    try (Tokenizer tokenizer = wordLevel()) {
      assertThat(tokenizer.encode("def f(g)<|end|>")).containsExactly(0, 1, 2, 3, 5, 4, 7);
      assertThat(tokenizer.decode(new int[] {0, 1, 2, 6, 7}, false))
          .isEqualTo("def f<|mask|><|end|>");
      assertThat(tokenizer.decode(new int[] {0, 1, 2, 6, 7}, true)).isEqualTo("def f");
      assertThat(tokenizer.idOf("<|mask|>")).hasValue(6);
      assertThat(tokenizer.idOf("absent")).isEmpty();
    }
  }

  @Test
  void truncationOfTheFileIsIgnored() throws IOException {
    try (Tokenizer tokenizer = wordLevel()) {
      assertThat(tokenizer.encode("f(".repeat(20_000))).hasSize(40_000);
    }
  }

  @Test
  void byteLevelTextSurvivesTheRoundTrip() throws IOException {
    try (Tokenizer tokenizer = byteLevelFile()) {
      for (String text : TEXTS) {
        String composed = java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFC);
        assertThat(tokenizer.decode(tokenizer.encode(text), false)).isEqualTo(composed);
      }
    }
  }

  @Test
  void vocabularyAndMergesGiveTheIdsOfTheTokenizerFile() throws IOException {
    try (Tokenizer file = byteLevelFile();
        Tokenizer older = vocabularyAndMerges()) {
      RandomStream random = RandomStream.named(3, "texts");
      for (int i = 0; i < 500; i++) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(30); n > 0; n--) {
          text.append("def ret \n  'sé4<|mask|>東".charAt(random.nextInt(24)));
        }
        assertThat(older.encode(text.toString())).isEqualTo(file.encode(text.toString()));
      }
      assertThat(older.idOf("<|im_end|>")).isEqualTo(file.idOf("<|im_end|>"));
    }
  }

  @Test
  void mergesApplyInTheirOrder() throws IOException {
    Map<String, Object> ids = TokenizerFiles.vocabulary();
    try (Tokenizer tokenizer = vocabularyAndMerges()) {
      assertThat(tokenizer.encode("def")).containsExactly(((Integer) ids.get("def")).intValue());
      assertThat(tokenizer.encode(" def")).containsExactly(((Integer) ids.get("Ġdef")).intValue());
    }
  }

  @Test
  void halfASurrogatePairBecomesTheReplacementCharacter() throws IOException {
    try (Tokenizer tokenizer = byteLevelFile()) {
      assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db"), false)).isEqualTo("a\uFFFDb");
    }
  }

  @Test
  void idsThatOnlyTheEmbeddingHasDecodeToNothing() throws IOException {
    try (Tokenizer tokenizer = wordLevel()) {
      assertThat(tokenizer.decode(new int[] {0, 9}, false)).isEqualTo("def");
      assertThatThrownBy(() -> tokenizer.decode(new int[] {10}, false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0 to 9")
          .hasMessageContaining("10");
    }
  }

  @Test
  void stopTokensComeFromBothConfigs() throws IOException {
    Path policy = TokenizerFiles.directory(directory, 10);
    assertThat(StopTokens.read(policy).toArray()).containsExactly(9);
    Files.writeString(policy.resolve("generation_config.json"), "{\"eos_token_id\": [7, 3]}");
    StopTokens stop = StopTokens.read(policy);
    assertThat(stop.toArray()).containsExactly(3, 7, 9);
    assertThat(stop.firstIn(new int[] {1, 2, 7, 3})).isEqualTo(2);
    assertThat(stop.firstIn(new int[] {1, 2})).isEqualTo(2);
    Files.writeString(policy.resolve("generation_config.json"), "{\"eos_token_id\": [10]}");
    assertThatThrownBy(() -> StopTokens.read(policy))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("generation_config.json")
        .hasMessageContaining("vocab_size = 10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"f\": 2            ; \"f\": 99          ; token 'f' has id 99",
        "\"f\": 2            ; \"f\": 0           ; an id of its own",
        "\"f\": 2            ; \"f\": \"two\"     ; model.vocab.f must be an integer",
        "\"[UNK]\"}          ; \"missing\"}       ; model.unk_token must be a token of the vocabulary",
        "\"WordLevel\"       ; \"Unigram\"        ; model.type must be BPE or WordLevel",
        "\"id\": 7           ; \"id\": 8          ; added token '<|end|>' must have id 7",
        "\"<|end|>\"         ; \"\"               ; content must be at least one character",
        "\"Fuse\"            ; \"CTC\"            ; decoder.type must be",
        "\"NFC\"             ; \"BertNormalizer\" ; normalizer.type must be",
        "[A-Za-z_]+          ; ([a-z]*)*          ; without repetition inside a repeated group",
        "[A-Za-z_]+          ; [A-Za-z_           ; a regular expression",
        "\"invert\": false   ; \"mode\": 1        ; pre_tokenizer.mode is not supported",
        "\"version\": \"1.0\" ; \"version\": \"1.0\", \"version\": 1 ; Duplicate field 'version'",
      })
  void aBadFileIsRefusedWithASentence(String found, String changed, String sentence)
      throws IOException {
    Path policy = TokenizerFiles.directory(directory, 10);
    assertThat(TokenizerFiles.WORD_LEVEL).contains(found);
    Path file = policy.resolve("tokenizer.json");
    Files.writeString(file, TokenizerFiles.WORD_LEVEL.replace(found, changed));
    assertThatThrownBy(() -> Tokenizer.open(policy).close())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(sentence);
  }

  @Test
  void aByteWithoutATokenIsRefused() throws IOException {
    Path policy = TokenizerFiles.directory(directory, TokenizerFiles.BYTE_LEVEL_SIZE);
    Files.writeString(
        policy.resolve("tokenizer.json"), TokenizerFiles.byteLevel().replace("\"q\":", "\"qq\":"));
    assertThatThrownBy(() -> Tokenizer.open(policy).close())
        .hasMessageContaining("byte 0x71 ('q') has none");
  }

  @Test
  void aDirectoryWithoutTokenizerIsRefused() throws IOException {
    Path policy = TokenizerFiles.directory(directory, 10);
    assertThatThrownBy(() -> Tokenizer.open(policy).close())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("expected tokenizer.json, or vocab.json and merges.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "d e~d       ; line 2 must be two tokens",
        "d e~d zz    ; merge 'd zz' needs the token 'zz'",
      })
  void badMergesAreRefusedWithASentence(String merges, String sentence) throws IOException {
    Path policy = TokenizerFiles.directory(directory, TokenizerFiles.BYTE_LEVEL_SIZE);
    JsonFile.write(policy.resolve("vocab.json"), TokenizerFiles.vocabulary());
    Files.writeString(policy.resolve("merges.txt"), merges.replace("~", "\n"));
    assertThatThrownBy(() -> Tokenizer.open(policy).close())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("merges.txt")
        .hasMessageContaining(sentence);
  }

  private Tokenizer wordLevel() throws IOException {
    Path policy = TokenizerFiles.directory(directory.resolve("word"), 10);
    Files.writeString(policy.resolve("tokenizer.json"), TokenizerFiles.WORD_LEVEL);
    return Tokenizer.open(policy);
  }

  private Tokenizer byteLevelFile() throws IOException {
    Path policy =
        TokenizerFiles.directory(directory.resolve("file"), TokenizerFiles.BYTE_LEVEL_SIZE);
    Files.writeString(policy.resolve("tokenizer.json"), TokenizerFiles.byteLevel());
    return Tokenizer.open(policy);
  }

  private Tokenizer vocabularyAndMerges() throws IOException {
    Path policy =
        TokenizerFiles.directory(directory.resolve("older"), TokenizerFiles.BYTE_LEVEL_SIZE);
    JsonFile.write(policy.resolve("vocab.json"), TokenizerFiles.vocabulary());
    Files.writeString(
        policy.resolve("merges.txt"),
        "#version: 0.2\n" + String.join("\n", TokenizerFiles.MERGES) + "\n");
    Map<String, Object> added = new LinkedHashMap<>();
    added.put("<|im_end|>", TokenizerFiles.BYTE_LEVEL_SIZE - 1);
    added.put("<|mask|>", TokenizerFiles.BYTE_LEVEL_SIZE - 2);
    JsonFile.write(policy.resolve("added_tokens.json"), added);
    return Tokenizer.open(policy);
  }
}
