package io.couplet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {
  private static final int FLOOD = 100;

  @Test
  void anAdminWithoutABrokerDoesNotGoBackToTheBootstrapServersAgainAndAgain() throws Exception {
    assertThat(rebootstraps(nobody().adminProperties(), Duration.ofSeconds(4))).isZero();
  }

  /** Why {@link KafkaConnection#adminProperties} exists: when this fails, it need not any more. */
  @Test
  void kafkasOwnDefaultFloodsTheLog() throws Exception {
    assertThat(rebootstraps(nobody().clientProperties(), Duration.ofSeconds(60)))
        .isGreaterThanOrEqualTo(FLOOD);
  }

  @Test
  void aStrategyThatTheUserHasChosenStands() {
    KafkaConnection chosen =
        new KafkaConnection("b:1", Map.of("metadata.recovery.strategy", "rebootstrap"));
    assertThat(chosen.adminProperties())
        .containsEntry("metadata.recovery.strategy", "rebootstrap")
        .containsEntry("bootstrap.servers", "b:1");
  }

  private static KafkaConnection nobody() throws Exception {
    return KafkaConnection.plain("127.0.0.1:" + portWithoutListener());
  }

  /** Waits until the time is over or enough has been seen. */
  private static int rebootstraps(Properties properties, Duration patience) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    Admin admin = Admin.create(properties);
    try (LoggedLines lines = new LoggedLines()) {
      admin.listTopics();
      while (System.nanoTime() - end < 0 && lines.rebootstraps.get() < FLOOD) {
        Thread.sleep(50);
      }
      return lines.rebootstraps.get();
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /** Takes what Kafka's clients log at INFO or above, and prints none of it. */
  private static final class LoggedLines extends AbstractAppender implements AutoCloseable {
    private static final String CLIENTS = "org.apache.kafka.clients";

    private final AtomicInteger rebootstraps = new AtomicInteger();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

    LoggedLines() {
      super("counting", null, null, true, Property.EMPTY_ARRAY);
      start();
      LoggerConfig clients = new LoggerConfig(CLIENTS, Level.INFO, false);
      clients.addAppender(this, Level.INFO, null);
      context.getConfiguration().addLogger(CLIENTS, clients);
      context.updateLoggers();
    }

    @Override
    public void append(LogEvent event) {
      if (event.getMessage().getFormattedMessage().contains("Rebootstrapping")) {
        rebootstraps.incrementAndGet();
      }
    }

    @Override
    public void close() {
      context.getConfiguration().removeLogger(CLIENTS);
      context.updateLoggers();
    }
  }

  private static int portWithoutListener() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return taken.getLocalPort();
    }
  }
}
