package io.couplet.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A throw-away certificate for 127.0.0.1 that is its own authority, made with the JDK's keytool.
 *
 * @param store PKCS #12 store with the key and, as an authority, the certificate
 * @param certificate PEM file
 * @param key PEM file, PKCS #8
 */
public record SelfSigned(Path store, String storePassword, Path certificate, Path key) {
  /**
   * @param directory where the files go
   * @param name of the files and of the subject
   */
  public static SelfSigned make(Path directory, String name, String password)
      throws IOException, InterruptedException, GeneralSecurityException {
    Files.createDirectories(directory);
    Path store = directory.resolve(name + ".p12");
    Path certificate = directory.resolve(name + ".crt");
    Path key = directory.resolve(name + ".key");
    keytool(
        store,
        password,
        List.of(
            "-genkeypair",
            "-alias",
            name,
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            "san=ip:127.0.0.1",
            "-ext",
            "bc:c"));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password.toCharArray());
    }
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey(name, password.toCharArray()).getEncoded()));
    keytool(
        store,
        password,
        List.of(
            "-importcert", "-noprompt", "-alias", "authority", "-file", certificate.toString()));
    return new SelfSigned(store, password, certificate, key);
  }

  private static void keytool(Path store, String password, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", password));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
  }
}
