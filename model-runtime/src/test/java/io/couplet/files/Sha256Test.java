package io.couplet.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String platform(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void hashMuch() {
    Sha256 sum = new Sha256();
    byte[] block = new byte[1 << 20];
    for (long hashed = 0; hashed <= Sha256.MUCH; hashed += block.length) {
      sum.update(block, 0, block.length);
    }
  }

  /** The example of FIPS 180-4. */
  @Test
  void thePublishedExampleHasItsHash() {
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
  }

  @Test
  void whatAProcessHasHashedBeforeChangesNoHash() throws Exception {
    assertAgreement();
    hashMuch();
    assertAgreement();
  }

  private static void assertAgreement() throws NoSuchAlgorithmException {
    for (int length = 0; length < 300; length++) {
      byte[] bytes = bytes(length);
      assertThat(Sha256.of(bytes)).as("%d bytes", length).isEqualTo(platform(bytes));
    }
  }

  @Test
  void aProcessThatHashesMuchDoesSoWithTheNativeImplementation() {
    hashMuch();

    assumeThat(System.getProperty("os.arch"))
        .as("there is a native one for amd64")
        .isEqualTo("amd64");
    assertThat(Sha256.provider()).isEqualTo("AmazonCorrettoCryptoProvider");
  }

  @Test
  void buffersArraysAndFilesOfTheSameBytesHaveTheSameHash(@TempDir Path directory)
      throws IOException, NoSuchAlgorithmException {
    byte[] bytes = bytes(200_000);
    Sha256 direct = new Sha256();
    direct.update(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    Sha256 parts = new Sha256();
    parts.update(bytes, 0, 77);
    parts.update(ByteBuffer.wrap(bytes, 77, bytes.length - 77));
    Path file = Files.write(directory.resolve("file"), bytes);

    assertThat(direct.hex()).isEqualTo(platform(bytes));
    assertThat(parts.hex()).isEqualTo(platform(bytes));
    assertThat(Sha256.of(file)).isEqualTo(platform(bytes));
  }

  @Test
  void aSumBeginsAnewAfterItsResult() throws NoSuchAlgorithmException {
    Sha256 sum = new Sha256();
    sum.update(bytes(10), 0, 10);
    sum.hex();
    sum.update(bytes(20), 0, 20);

    assertThat(sum.hex()).isEqualTo(platform(bytes(20)));
  }
}
