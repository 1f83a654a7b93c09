package io.couplet.rollout;

import io.couplet.rollout.state.GateCursor;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Where the gate stands, as metrics. State is read by the operator's thread alone. */
final class GateGauges {
  private volatile GateCursor cursor = GateCursor.newBuilder().build();

  GateGauges(MetricGroup group) {
    gauge(group, "problems", GateCursor::getKnown);
    gauge(group, "waiting", at -> at.getKnown() - at.getFresh());
    gauge(group, "admitted", GateCursor::getSequence);
    gauge(group, "underWay", at -> Math.max(0, at.getSequence() - at.getConsumed()));
    gauge(group, "passes", GateCursor::getPass);
    gauge(group, "duplicates", GateCursor::getDuplicates);
    gauge(group, "changed", GateCursor::getChanged);
  }

  private void gauge(MetricGroup group, String name, ToLongFunction<GateCursor> value) {
    group.gauge(name, (Gauge<Long>) () -> value.applyAsLong(cursor));
  }

  void show(GateCursor now) {
    cursor = now;
  }
}
