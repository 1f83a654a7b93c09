package io.couplet.advantage;

import io.couplet.advantage.state.ReceivedReward;
import io.couplet.schemas.Group;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.timers.SteadyProcessingTime;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.types.Either;

/** {@link AssemblyFunction} with timers that a jump of the machine's clock does not touch. */
class AssemblyOperator
    extends CoBroadcastWithKeyedOperator<
        String,
        Either<Rollout, ReceivedReward>,
        Tuple2<Long, Either<RewardSource, String>>,
        Group> {
  private static final long serialVersionUID = 1L;

  private final SteadyClock.Factory clocks;

  AssemblyOperator(AssemblyFunction function, SteadyClock.Factory clocks) {
    super(function, List.of(AssemblyFunction.SOURCES));
    this.clocks = clocks;
  }

  @Override
  protected void setProcessingTimeService(ProcessingTimeService machine) {
    SteadyClock clock = clocks.create();
    super.setProcessingTimeService(new SteadyProcessingTime(machine, () -> clock.now().millis()));
  }
}
