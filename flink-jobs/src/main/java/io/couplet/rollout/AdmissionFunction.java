package io.couplet.rollout;

import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The admission gate as a Flink operator, keyed by run: problems and policy announcements come in,
 * groups go out. Nothing is admitted before the first policy is known.
 */
final class AdmissionFunction
    extends KeyedCoProcessFunction<String, Problem, Policy, AdmittedGroup> {
  private static final long serialVersionUID = 1L;

  private final AdmissionGate.Settings settings;
  private final long settleMs;
  private transient AdmissionGate gate;
  private transient StateGateStore store;
  private transient ValueState<Policy> latest;
  private transient ValueState<Long> idleAt;
  private transient GateGauges gauges;

  /**
   * @param settleMs how long no new problem must have come before known ones are visited again
   */
  AdmissionFunction(AdmissionGate.Settings settings, long settleMs) {
    this.settings = settings;
    this.settleMs = settleMs;
  }

  @Override
  public void open(OpenContext context) {
    store = new StateGateStore(getRuntimeContext());
    gate = new AdmissionGate(settings, store);
    latest =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("policy", new AvroTypeInfo<>(Policy.class)));
    idleAt = getRuntimeContext().getState(new ValueStateDescriptor<>("idle-at", Types.LONG));
    MetricGroup group =
        getRuntimeContext().getMetricGroup().addGroup("couplet").addGroup("admission");
    gauges = new GateGauges(group);
  }

  @Override
  public void processElement1(Problem problem, Context context, Collector<AdmittedGroup> out)
      throws Exception {
    if (gate.offer(problem) == AdmissionGate.Arrival.NEW) {
      long now = context.timerService().currentProcessingTime();
      if (idleAt.value() == null) {
        context.timerService().registerProcessingTimeTimer(now + settleMs);
      }
      idleAt.update(now + settleMs);
    }
    admit(out);
  }

  @Override
  public void processElement2(Policy announced, Context context, Collector<AdmittedGroup> out)
      throws Exception {
    Policy known = latest.value();
    if (LatestPolicy.stale(known, announced)) {
      return;
    }
    latest.update(LatestPolicy.of(known, announced));
    gate.credit(announced.getConsumedGroups());
    admit(out);
  }

  /** One timer at a time: it is set again while problems keep coming. */
  @Override
  public void onTimer(long time, OnTimerContext context, Collector<AdmittedGroup> out)
      throws Exception {
    Long due = idleAt.value();
    if (due != null && time < due) {
      context.timerService().registerProcessingTimeTimer(due);
      return;
    }
    idleAt.clear();
    gate.sourceIdle();
    admit(out);
  }

  private void admit(Collector<AdmittedGroup> out) throws Exception {
    Policy policy = latest.value();
    if (policy != null) {
      for (Optional<AdmissionGate.Admission> next = gate.next();
          next.isPresent();
          next = gate.next()) {
        out.collect(AdmittedGroup.of(next.get(), policy));
      }
    }
    gauges.show(store.cursor());
  }
}
