package io.couplet.schemas;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Waits for what brokers answer, and says in a sentence when they do not.
 *
 * @param patience how long to wait for one answer
 */
record BrokerAnswers(KafkaConnection connection, Duration patience) {
  /**
   * @throws KafkaException what the brokers refused, or that they did not answer
   */
  <R> R await(Future<R> future) {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } catch (TimeoutException e) {
      throw unreachable(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(e.getCause());
      }
      if (e.getCause() instanceof KafkaException kafka) {
        throw kafka;
      }
      throw new KafkaException(e.getCause());
    }
  }

  private KafkaException unreachable(Throwable cause) {
    return new KafkaException(
        "Kafka at "
            + connection.bootstrapServers()
            + " did not answer within "
            + patience.toSeconds()
            + " s. Is the broker running, and are kafka.bootstrap_servers and kafka.properties"
            + " right?",
        cause);
  }
}
