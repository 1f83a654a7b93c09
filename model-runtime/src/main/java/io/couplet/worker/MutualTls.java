package io.couplet.worker;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Certificates of one side of a connection on which both sides prove who they are. PEM files.
 *
 * @param certificate own certificate chain
 * @param privateKey own key, PKCS #8, not encrypted
 * @param trust certificates of the authorities whose peers are accepted
 */
public record MutualTls(Path certificate, Path privateKey, Path trust) {
  public MutualTls {
    requireReadable("certificate", certificate);
    requireReadable("private key", privateKey);
    requireReadable("trusted certificates", trust);
  }

  private static void requireReadable(String what, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "Mutual TLS needs a readable PEM file with the " + what + ", found none at " + file);
    }
  }

  ServerCredentials forServer() {
    try {
      return TlsServerCredentials.newBuilder()
          .keyManager(certificate.toFile(), privateKey.toFile())
          .trustManager(trust.toFile())
          .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
          .build();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  ChannelCredentials forClient() {
    try {
      return TlsChannelCredentials.newBuilder()
          .keyManager(certificate.toFile(), privateKey.toFile())
          .trustManager(trust.toFile())
          .build();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private IllegalArgumentException unreadable(IOException e) {
    return new IllegalArgumentException(
        "Cannot read the PEM files of " + this + ": " + e.getMessage(), e);
  }
}
