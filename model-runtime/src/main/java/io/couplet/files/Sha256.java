package io.couplet.files;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 as 64 lower-case hexadecimal digits. An instance is a sum under way and not thread-safe.
 *
 * <p>A process that hashes much, such as a learner, does so with a native implementation: Java's
 * own takes ten times as long until its second compiler has seen to it, and never gets there in a
 * JVM that does without that compiler. Loading the native one takes a third of a second, so that
 * short commands do not. Where it cannot be loaded, Java's is used throughout.
 */
public final class Sha256 {
  private static final Logger LOG = LoggerFactory.getLogger(Sha256.class);
  private static final String ALGORITHM = "SHA-256";
  private static final int BUFFER = 1 << 16;

  /** Bytes after which a process is one that hashes much: half a second of Java's own. */
  static final long MUCH = 48L << 20;

  private static final AtomicLong hashed = new AtomicLong();

  private final MessageDigest digest = hashed.get() < MUCH ? ofJava() : ofMachine();

  /** The first use loads the library. */
  private static final class Native {
    /** Null where there is none. */
    static final Provider PROVIDER = load();

    private static Provider load() {
      try {
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        Throwable failure = provider.getLoadingError();
        if (failure == null) {
          return provider;
        }
        LOG.info("Hashes are made with Java's SHA-256; the native one cannot be loaded", failure);
      } catch (LinkageError e) {
        LOG.info("Hashes are made with Java's SHA-256; there is no native one here", e);
      }
      return null;
    }
  }

  public void update(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
    hashed.addAndGet(length);
  }

  /** Takes the bytes from the buffer's position to its limit. */
  public void update(ByteBuffer bytes) {
    hashed.addAndGet(bytes.remaining());
    digest.update(bytes);
  }

  /** The sum of all that was taken in; the instance then begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  public static String of(byte[] bytes) {
    Sha256 sum = new Sha256();
    sum.update(bytes, 0, bytes.length);
    return sum.hex();
  }

  public static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    }
  }

  /** Reads the stream to its end. */
  public static String of(InputStream in) throws IOException {
    Sha256 sum = new Sha256();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sum.update(buffer, 0, n);
    }
    return sum.hex();
  }

  private static MessageDigest ofMachine() {
    if (Native.PROVIDER == null) {
      return ofJava();
    }
    try {
      return MessageDigest.getInstance(ALGORITHM, Native.PROVIDER);
    } catch (NoSuchAlgorithmException e) {
      return ofJava();
    }
  }

  private static MessageDigest ofJava() {
    try {
      return MessageDigest.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** What new sums are made with: the name of the provider. */
  static String provider() {
    return new Sha256().digest.getProvider().getName();
  }

  /** Whether the text is a digest as this class writes it. */
  public static boolean isDigest(String text) {
    return text.length() == 64
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
