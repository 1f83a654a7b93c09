package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Serves Flink's metrics to Prometheus on the loopback interface.
 *
 * <p>Flink's own reporter listens on every interface and cannot be told otherwise; in local mode
 * everything is closed to the outside. The class stands in Flink's package because the registry it
 * serves is visible only there.
 */
final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {
  private final HTTPServer server;

  LoopbackPrometheusReporter(int port) throws IOException {
    server =
        new HTTPServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), registry, true);
  }

  @Override
  public void close() {
    server.stop();
    super.close();
  }
}
