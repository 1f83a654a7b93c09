package io.couplet.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.core.config.Configurator;

/** Makes this process log to a file instead of the terminal. */
final class LogFile {
  private static final String CONFIGURATION = "classpath:log4j2-process.properties";

  private LogFile() {}

  /** From here on everything that this process logs is in the file. */
  static void use(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    System.setProperty("log.file", file.toString());
    // For parts of Flink that have a class loader, and with it a logging context, of their own.
    System.setProperty("log4j2.configurationFile", CONFIGURATION);
    // Ours has its configuration already if anything has touched a logger: the property is too
    // late.
    Configurator.reconfigure(URI.create(CONFIGURATION));
  }
}
