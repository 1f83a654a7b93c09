package io.couplet.learner;

import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The metric group couplet.learner. */
final class LearnerMetrics {
  private LearnerMetrics() {}

  static void register(MetricGroup parent, LearnerGauges gauges) {
    MetricGroup group = parent.addGroup("couplet").addGroup("learner");
    group.gauge("updates", (Gauge<Long>) gauges::updates);
    group.gauge("recognisedUpdates", (Gauge<Long>) gauges::recognisedUpdates);
    group.gauge("rebuiltStates", (Gauge<Long>) gauges::rebuiltStates);
    group.gauge("policyVersion", (Gauge<Long>) gauges::policyVersion);
    group.gauge("consumedGroups", (Gauge<Long>) gauges::consumedGroups);
    group.gauge("secondsPerUpdate", (Gauge<Double>) gauges::secondsPerUpdate);
    group.gauge("idleShare", (Gauge<Double>) gauges::idleShare);
    group.gauge("rewardMean", (Gauge<Double>) gauges::rewardMean);
    group.gauge("stalenessP50", (Gauge<Double>) () -> gauges.staleness()[0]);
    group.gauge("stalenessP95", (Gauge<Double>) () -> gauges.staleness()[1]);
    group.gauge("stalenessMax", (Gauge<Double>) () -> gauges.staleness()[2]);
    last(group, gauges, "loss", UpdateSummary::loss);
    last(group, gauges, "kl", UpdateSummary::kl);
    last(group, gauges, "klMax", UpdateSummary::klMax);
    last(group, gauges, "clipLowShare", UpdateSummary::clipLowShare);
    last(group, gauges, "clipHighShare", UpdateSummary::clipHighShare);
    last(group, gauges, "ratioMax", UpdateSummary::ratioMax);
    last(group, gauges, "gradientNorm", UpdateSummary::gradientNorm);
    last(group, gauges, "learningRate", UpdateSummary::learningRate);
  }

  private static void last(
      MetricGroup group, LearnerGauges gauges, String name, ToDoubleFunction<UpdateSummary> value) {
    group.gauge(
        name,
        (Gauge<Double>)
            () -> {
              UpdateSummary last = gauges.last();
              return last == null ? 0.0 : value.applyAsDouble(last);
            });
  }
}
