package io.couplet.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A stream of random numbers found by name: (run seed, purpose, names...). The SHA-256 of the names
 * gives the Philox key and the upper half of its counter; the lower half counts blocks. Two streams
 * with different names are independent, and the same name gives the same numbers in every process.
 *
 * <p>Sequential draws ({@link #nextFloat()} and the like) advance a cursor and are not thread-safe;
 * {@link #floatAt(long)} reads any position without touching the cursor.
 */
public final class RandomStream {
  private final int key0;
  private final int key1;
  private final int high0;
  private final int high1;
  private final String name;
  private final int[] block = new int[4];
  private long blockIndex = -1;
  private long cursor;

  private RandomStream(byte[] digest, String name) {
    ByteBuffer words = ByteBuffer.wrap(digest);
    key0 = words.getInt();
    key1 = words.getInt();
    high0 = words.getInt();
    high1 = words.getInt();
    this.name = name;
  }

  /**
   * The stream of that name. Each name is a {@code String}, {@code Integer} or {@code Long}; {@code
   * ("a", 1)} and {@code ("a1")} are different names.
   */
  public static RandomStream named(long seed, String purpose, Object... names) {
    StringBuilder text = new StringBuilder(Long.toString(seed)).append('/').append(purpose);
    MessageDigest sha = sha256();
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
    append(sha, purpose);
    for (Object part : names) {
      if (!(part instanceof String || part instanceof Integer || part instanceof Long)) {
        throw new IllegalArgumentException(
            "A stream is named by strings and integers, not by " + part.getClass().getName());
      }
      append(sha, part.toString());
      text.append('/').append(part);
    }
    return new RandomStream(sha.digest(), text.toString());
  }

  private static void append(MessageDigest sha, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    sha.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Human-readable name, {@code seed/purpose/part/...}; what records call the seed of a sample. */
  public String name() {
    return name;
  }

  /** The 32-bit word at a position, independent of the cursor. */
  public int wordAt(long position) {
    int[] words = new int[4];
    Philox4x32.block(
        (int) (position >>> 2), (int) (position >>> 34), high0, high1, key0, key1, words);
    return words[(int) (position & 3)];
  }

  /** Uniform in [0, 1) with 24 bits, at a position, independent of the cursor. */
  public float floatAt(long position) {
    return (wordAt(position) >>> 8) * 0x1p-24f;
  }

  /** The next 32 random bits. */
  public int nextInt() {
    long wanted = cursor >>> 2;
    if (wanted != blockIndex) {
      Philox4x32.block((int) wanted, (int) (wanted >>> 32), high0, high1, key0, key1, block);
      blockIndex = wanted;
    }
    return block[(int) (cursor++ & 3)];
  }

  /** The next 64 random bits. */
  public long nextLong() {
    return ((long) nextInt() << 32) | (nextInt() & 0xFFFFFFFFL);
  }

  /** Uniform in [0, bound), unbiased. */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("The bound must be positive, not " + bound);
    }
    long limit = (1L << 32) / bound * bound;
    long word;
    do {
      word = nextInt() & 0xFFFFFFFFL;
    } while (word >= limit);
    return (int) (word % bound);
  }

  /** Uniform in [0, 1) with 24 bits. */
  public float nextFloat() {
    return (nextInt() >>> 8) * 0x1p-24f;
  }

  /** Uniform in [0, 1) with 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Standard normal (Box-Muller, one of the pair). */
  public double nextGaussian() {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  public boolean nextBoolean() {
    return nextInt() < 0;
  }
}
