package org.apache.flink.metrics.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes {@link LoopbackPrometheusReporter}s; the only option is {@code port}. */
public final class LoopbackPrometheusReporterFactory implements MetricReporterFactory {
  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    String port = properties.getProperty("port");
    try {
      return new LoopbackPrometheusReporter(Integer.parseInt(port));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The Prometheus endpoint cannot listen on 127.0.0.1:" + port, e);
    }
  }
}
