package io.couplet.advantage;

import io.couplet.advantage.AssemblyEvent.Closed;
import io.couplet.advantage.AssemblyEvent.Noted;
import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.AssemblyEvent.RolloutRefused;
import io.couplet.advantage.AssemblyEvent.WakeAt;
import io.couplet.advantage.state.GroupProgress;
import io.couplet.advantage.state.ReceivedReward;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.Group;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * {@link GroupAssembly} in Flink: state by group, reward sources broadcast, deadlines as
 * processing-time timers that the steady clock has the last word on. It runs in an {@link
 * AssemblyOperator}, whose processing time is steady too.
 */
public final class AssemblyFunction
    extends KeyedBroadcastProcessFunction<
        String, Either<Rollout, ReceivedReward>, Tuple2<Long, Either<RewardSource, String>>, Group>
    implements CheckpointedFunction {
  static final MapStateDescriptor<String, RewardSource> SOURCES =
      new MapStateDescriptor<>(
          "reward-sources", Types.STRING, new AvroTypeInfo<>(RewardSource.class));
  static final OutputTag<DeadLetter> LETTERS =
      new OutputTag<>("refused", new AvroTypeInfo<>(DeadLetter.class));
  private static final long serialVersionUID = 1L;

  private final RunTopics topics;
  private final AssemblyRules rules;
  private final AdvantageFormula formula;
  private final InitialSources initial;
  private final SteadyClock.Factory clocks;
  private transient GroupAssembly assembly;
  private transient KeyedGroupStore store;
  private transient SteadyClock clock;
  private transient GroupMetrics metrics;
  private transient AnswerMetrics answers;
  private transient RefusedRecords refused;
  private transient ListState<Long> openState;
  private transient ListState<Long> throughState;
  private transient long restoredOpen;
  private transient long through;

  /**
   * @param initial sources in force before the first change is read; of no effect when the job is
   *     restored
   */
  public AssemblyFunction(
      RunTopics topics,
      AssemblyRules rules,
      AdvantageFormula formula,
      InitialSources initial,
      SteadyClock.Factory clocks) {
    this.topics = topics;
    this.rules = rules;
    this.formula = formula;
    this.initial = initial;
    this.clocks = clocks;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    BroadcastState<String, RewardSource> sources =
        context.getOperatorStateStore().getBroadcastState(SOURCES);
    openState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("open-groups", Types.LONG));
    throughState =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("initial-through", Types.LONG));
    if (context.isRestored()) {
      for (long open : openState.get()) {
        restoredOpen += open;
      }
      for (long offset : throughState.get()) {
        through = Math.max(through, offset);
      }
    } else {
      through = initial.through();
      for (SourceChange change : initial.changes()) {
        if (change.wrong() == null) {
          change.applyTo(sources);
        }
      }
    }
  }

  @Override
  public void open(OpenContext context) {
    assembly = new GroupAssembly(rules, formula);
    store = new KeyedGroupStore(getRuntimeContext());
    clock = clocks.create();
    metrics = new GroupMetrics(getRuntimeContext().getMetricGroup(), restoredOpen);
    answers = new AnswerMetrics(getRuntimeContext().getMetricGroup());
    refused = new RefusedRecords(topics);
  }

  @Override
  public void processElement(
      Either<Rollout, ReceivedReward> input, ReadOnlyContext context, Collector<Group> out)
      throws Exception {
    Map<String, RewardSource> sources = registry(context.getBroadcastState(SOURCES));
    long wallMs = System.currentTimeMillis();
    if (input.isLeft()) {
      act(assembly.rollout(store, input.left(), sources, clock.now(), wallMs), context, out);
    } else {
      ReceivedReward reward = input.right();
      act(
          assembly.reward(
              store,
              reward.getGroup(),
              reward.getMember(),
              reward.getReward(),
              sources,
              clock.now(),
              wallMs),
          context,
          out);
    }
  }

  private static Map<String, RewardSource> registry(
      ReadOnlyBroadcastState<String, RewardSource> state) throws Exception {
    Map<String, RewardSource> sources = new TreeMap<>();
    for (Map.Entry<String, RewardSource> source : state.immutableEntries()) {
      sources.put(source.getKey(), source.getValue());
    }
    return sources;
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Group> out)
      throws Exception {
    act(assembly.wake(store, clock.now(), System.currentTimeMillis()), context, out);
  }

  private void act(List<AssemblyEvent> events, ReadOnlyContext context, Collector<Group> out)
      throws Exception {
    for (AssemblyEvent event : events) {
      if (event instanceof Closed closed) {
        metrics.closed(closed.group());
        out.collect(closed.group());
      } else if (event instanceof Noted noted) {
        metrics.noted(noted.occurrence());
        if (!noted.source().isEmpty()) {
          answers.noted(noted.occurrence(), noted.source(), sinceOpenedMs());
        }
      } else if (event instanceof RewardRefused reward) {
        bury(refused.reward(reward), context);
      } else if (event instanceof RolloutRefused rollout) {
        bury(refused.rollout(rollout), context);
      } else if (event instanceof WakeAt wake) {
        schedule(wake, context);
      }
    }
  }

  /** Wall clock, as the group's records carry it; for display only. */
  private long sinceOpenedMs() {
    GroupProgress group = store.latest();
    return group == null ? 0 : System.currentTimeMillis() - group.getOpenedMs();
  }

  private void bury(DeadLetter letter, ReadOnlyContext context) {
    metrics.buried();
    context.output(LETTERS, letter);
  }

  /** A timer that fires early, as after a restart, is asked for again. */
  private void schedule(WakeAt wake, ReadOnlyContext context) {
    long remaining = Math.max(1, wake.steadyMillis() - clock.now().millis());
    context.timerService().registerProcessingTimeTimer(context.currentProcessingTime() + remaining);
  }

  @Override
  public void processBroadcastElement(
      Tuple2<Long, Either<RewardSource, String>> record, Context context, Collector<Group> out)
      throws Exception {
    if (record.f0 < through) {
      return;
    }
    SourceChange change =
        record.f1.isLeft()
            ? SourceChange.to(record.f1.left())
            : SourceChange.removal(record.f1.right());
    String wrong = change.wrong();
    if (wrong == null) {
      change.applyTo(context.getBroadcastState(SOURCES));
    } else if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
      metrics.buried();
      context.output(LETTERS, refused.source(change, record.f0, wrong));
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    openState.update(List.of(metrics.open()));
    throughState.update(List.of(through));
  }
}
