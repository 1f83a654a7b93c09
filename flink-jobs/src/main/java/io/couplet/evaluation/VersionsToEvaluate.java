package io.couplet.evaluation;

import io.couplet.schemas.Policy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets the first announcement of every n-th version pass; credits and repeated announcements name
 * versions that were seen before.
 */
final class VersionsToEvaluate extends KeyedProcessFunction<String, Policy, Policy> {
  private static final long serialVersionUID = 1L;

  private final int every;
  private transient ValueState<Long> last;

  VersionsToEvaluate(int every) {
    this.every = every;
  }

  @Override
  public void open(OpenContext context) {
    last = getRuntimeContext().getState(new ValueStateDescriptor<>("last-version", Types.LONG));
  }

  @Override
  public void processElement(Policy policy, Context context, Collector<Policy> out)
      throws Exception {
    Long before = last.value();
    if (policy.getVersion() % every == 0 && (before == null || policy.getVersion() > before)) {
      last.update(policy.getVersion());
      out.collect(policy);
    }
  }
}
