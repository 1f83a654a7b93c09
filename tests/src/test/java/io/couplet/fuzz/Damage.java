package io.couplet.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Whole inputs with one to three kinds of damage each: bits flipped, bytes replaced, cut out,
 * doubled or appended, numbers made huge, texts put in, ends cut off, another input spliced in. The
 * same name gives the same inputs.
 */
public final class Damage implements Supplier<byte[]> {
  private static final int LONGEST_INSERTION = 64;

  /** What breaks parsers of text. */
  private static final List<String> TEXTS =
      List.of(
          "-1",
          "9223372036854775807",
          "99999999999999999999",
          "1e400",
          "NaN",
          "null",
          "[]",
          "{}",
          "[[[[[[[[",
          "{\"a\":{\"a\":",
          "\"\\u0000\"",
          "\n\n",
          "\"",
          "\u00e9\uD83D\uDE00");

  private final SplittableRandom random;
  private final List<byte[]> whole;
  private final int from;

  /**
   * @param from bytes at the beginning that stay as they are
   */
  public Damage(String name, List<byte[]> whole, int from) {
    this.random = new SplittableRandom(name.hashCode());
    this.whole = List.copyOf(whole);
    this.from = from;
  }

  public Damage(String name, List<byte[]> whole) {
    this(name, whole, 0);
  }

  @Override
  public byte[] get() {
    byte[] bytes = one().clone();
    for (int kinds = 1 + random.nextInt(3); kinds > 0; kinds--) {
      bytes = damaged(bytes);
    }
    return bytes;
  }

  private byte[] one() {
    return whole.get(random.nextInt(whole.size()));
  }

  private byte[] damaged(byte[] bytes) {
    if (from >= bytes.length) {
      return concat(bytes, random(1 + random.nextInt(LONGEST_INSERTION)));
    }
    int at = random.nextInt(from, bytes.length);
    int to = at + random.nextInt(Math.min(LONGEST_INSERTION, bytes.length - at) + 1);
    byte[] before = Arrays.copyOf(bytes, at);
    byte[] after = Arrays.copyOfRange(bytes, at, bytes.length);
    switch (random.nextInt(11)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> Arrays.fill(bytes, at, to, (byte) random.nextInt(256));
      case 2 -> {
        for (int i = at; i < to && i < at + 10; i++) {
          bytes[i] |= (byte) 0x80; // numbers in seven-bit groups: lengths and counts that lie
        }
      }
      case 3 -> bytes = before;
      case 4 -> bytes = concat(before, Arrays.copyOfRange(bytes, to, bytes.length));
      case 5 -> bytes = concat(Arrays.copyOf(bytes, to), after);
      case 6 -> bytes = concat(before, random(random.nextInt(LONGEST_INSERTION)), after);
      case 7 -> {
        byte[] text = TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8);
        bytes = concat(before, text, Arrays.copyOfRange(bytes, to, bytes.length));
      }
      case 8 -> {
        byte[] other = one();
        int cut = random.nextInt(Math.min(from, other.length), other.length + 1);
        bytes = concat(before, Arrays.copyOfRange(other, cut, other.length));
      }
      default -> {
        for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
          bytes[random.nextInt(from, bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return bytes;
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] concat(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
