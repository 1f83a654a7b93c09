package io.couplet.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.couplet.files.InvalidFileException;
import io.couplet.files.JsonFile;
import io.couplet.random.RandomStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The native library ends the process on input it does not expect: nothing such may reach it. */
class TokenizerFuzzTest {
  private static final long MOST_BYTES_PER_INPUT = 64L << 20;
  private static final Path SOURCE = Path.of("tokenizer.json");
  private static final StopTokens STOP = new StopTokens(new TreeSet<>(Set.of(7)));
  private static final String TEXT = "def f(f)<|end|>\n  return é 12 \uD83D\uDE00";

  @ParameterizedTest
  @CsvSource({"word level, 90000", "byte level, 10000"})
  @Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void mutatedFilesAreReadOrRefusedWithASentence(String kind, int ordinarily) throws IOException {
    int inputs = Integer.getInteger("fuzz.inputs", ordinarily);
    String original =
        kind.equals("word level") ? TokenizerFiles.WORD_LEVEL : TokenizerFiles.byteLevel();
    int vocabSize = kind.equals("word level") ? 8 : TokenizerFiles.BYTE_LEVEL_SIZE;
    RandomStream random = RandomStream.named(1, "tokenizer fuzz", kind);
    Mutations mutations = new Mutations(original.getBytes(StandardCharsets.UTF_8), random);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    for (int i = 0; i < inputs; i++) {
      byte[] mutated = mutations.next();
      long before = threads.getCurrentThreadAllocatedBytes();
      try (Tokenizer tokenizer =
          Tokenizer.open(
              TokenizerDefinition.read(JsonFile.parse(SOURCE, mutated)), vocabSize, STOP)) {
        int[] ids = tokenizer.encode(TEXT);
        tokenizer.decode(ids, true);
      } catch (InvalidFileException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("tokenizer.json: ");
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes allocated for %s", new String(mutated, StandardCharsets.UTF_8))
          .isLessThan(MOST_BYTES_PER_INPUT);
    }
    assertThat(refused).isBetween(inputs / 10, inputs - inputs / 100);
  }

  /** Byte noise, truncation, and values replaced by others that parse. */
  private record Mutations(byte[] original, RandomStream random) {
    private static final List<String> VALUES =
        List.of(
            "null",
            "-1",
            "99999999999",
            "0",
            "7",
            "\"\"",
            "{}",
            "[]",
            "true",
            "\"WordPiece\"",
            "\"BPE\"",
            "\"WordLevel\"",
            "1e9",
            "\"ByteLevel\"",
            "\"Sequence\"",
            "\"NFKD\"",
            "\"(\"",
            "\"(a*)*b\"",
            "\"a|b\"",
            "\"Regex\"",
            "4294967295",
            "\"\\u0000\"",
            "\"Removed\"");

    byte[] next() {
      byte[] bytes = original.clone();
      int edits = 1 + random.nextInt(3);
      for (int i = 0; i < edits; i++) {
        bytes =
            switch (random.nextInt(8)) {
              case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
              case 1, 2, 3 -> overwrite(bytes);
              default -> replaceValue(bytes);
            };
      }
      return bytes;
    }

    private byte[] overwrite(byte[] bytes) {
      bytes[random.nextInt(bytes.length)] =
          (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 32 + random.nextInt(95));
      return bytes;
    }

    /** Replaces what stands between two of the characters that separate JSON values. */
    private byte[] replaceValue(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int start = random.nextInt(bytes.length);
      while (start > 0 && ":,[{".indexOf(text.charAt(start)) < 0) {
        start--;
      }
      int end = start + 1;
      while (end < text.length() && ",]}".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      String value = VALUES.get(random.nextInt(VALUES.size()));
      return (text.substring(0, start + 1) + value + text.substring(Math.min(end, text.length())))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
