package io.couplet.reward;

import io.couplet.schemas.Completion;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets the first completion of each (group, member) through: rollouts come at least once, and each
 * is judged once. Generations that failed have nothing to judge. Keyed by group.
 */
final class FirstOfMember extends KeyedProcessFunction<String, ReceivedRollout, ReceivedRollout> {
  private static final long serialVersionUID = 1L;

  private final Duration remembered;

  private transient MapState<Integer, Boolean> seen;
  private transient Counter duplicates;

  /**
   * @param remembered how long a completion is known after it came, by the machine's clock
   */
  FirstOfMember(Duration remembered) {
    this.remembered = remembered;
  }

  @Override
  public void open(OpenContext context) {
    MapStateDescriptor<Integer, Boolean> descriptor =
        new MapStateDescriptor<>("seen", Types.INT, Types.BOOLEAN);
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(remembered).build());
    seen = getRuntimeContext().getMapState(descriptor);
    duplicates =
        getRuntimeContext()
            .getMetricGroup()
            .addGroup("couplet")
            .addGroup("rewards")
            .counter("duplicateRollouts");
  }

  @Override
  public void processElement(
      ReceivedRollout received, Context context, Collector<ReceivedRollout> out) throws Exception {
    if (!(received.rollout().getOutcome() instanceof Completion)) {
      return;
    }
    int member = received.rollout().getMember();
    if (seen.contains(member)) {
      duplicates.inc();
      return;
    }
    seen.put(member, true);
    out.collect(received);
  }
}
