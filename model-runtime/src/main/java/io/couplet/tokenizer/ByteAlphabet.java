package io.couplet.tokenizer;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The 256 characters that stand for bytes in byte-level vocabularies (GPT-2): printable Latin-1
 * bytes stand for themselves, the others for U+0100 and following, in order.
 */
final class ByteAlphabet {
  static final List<String> SYMBOLS = symbols();

  private ByteAlphabet() {}

  private static List<String> symbols() {
    int[] shifted = {0x100};
    return IntStream.range(0, 256)
        .mapToObj(b -> Character.toString(isPrintable(b) ? b : shifted[0]++))
        .toList();
  }

  private static boolean isPrintable(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
  }
}
