package io.couplet.rollout;

import io.couplet.schemas.Policy;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the newest policy on each group just before it is generated: between admission and
 * generation a newer version may have come. (An asynchronous function has no state to do it in.)
 */
final class StampFunction extends BroadcastProcessFunction<AdmittedGroup, Policy, AdmittedGroup> {
  private static final long serialVersionUID = 1L;
  private static final String LATEST = "latest";

  static final MapStateDescriptor<String, Policy> POLICIES =
      new MapStateDescriptor<>("policies", Types.STRING, new AvroTypeInfo<>(Policy.class));

  @Override
  public void processElement(
      AdmittedGroup group, ReadOnlyContext context, Collector<AdmittedGroup> out) throws Exception {
    Policy latest = context.getBroadcastState(POLICIES).get(LATEST);
    out.collect(latest == null ? group : group.atLeast(latest));
  }

  @Override
  public void processBroadcastElement(
      Policy announced, Context context, Collector<AdmittedGroup> out) throws Exception {
    var policies = context.getBroadcastState(POLICIES);
    policies.put(LATEST, LatestPolicy.of(policies.get(LATEST), announced));
  }
}
