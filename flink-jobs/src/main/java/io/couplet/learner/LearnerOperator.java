package io.couplet.learner;

import io.couplet.files.InvalidFileException;
import io.couplet.learner.TrainerRecovery.Recovered;
import io.couplet.learner.state.LearnerState;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The {@link Learner} in Flink: reads (offset, group) at parallelism 1 and emits nothing, for it
 * announces through its journal. It learns on a thread of its own, so that the task reads on
 * meanwhile; a snapshot waits until all that was read is learnt from. A run that halts, a learner
 * that was fenced off and a policy for which the disk has no room fail the job for good; everything
 * else restarts it.
 */
public final class LearnerOperator extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<Tuple2<Long, Group>, Void> {
  private static final long serialVersionUID = 1L;

  /** The name of the thread on which it learns. */
  public static final String THREAD = "couplet-learner";

  private static final long MOST_READ_AHEAD = 1_024;

  private final transient Parts parts;
  private final transient MailboxExecutor mailbox;
  private transient ListState<LearnerState> state;
  private transient ListState<Group> pending;
  private transient LearnerCheckpoint restored;
  private transient Trainer trainer;
  private transient LearnerStore store;
  private transient LearnerJournal journal;
  private transient LearnerThread learner;

  /** Opens store and trainer on the machine that learns. */
  public interface LearnerOpening extends TrainerRecovery.RecordedTape, Serializable {
    LearnerStore store() throws IOException;

    /** The run's initial policy in a trainer. */
    Trainer trainer() throws IOException;

    /** Whether {@link #trainer} comes with the state of another run. */
    boolean forked();
  }

  /** What a learner is made of. */
  record Parts(
      LearnerSettings settings,
      LearnerOpening opening,
      LearnerJournal.Factory journals,
      FailurePoint failures)
      implements Serializable {}

  /** Makes the operator where the job runs. */
  public static final class Factory extends AbstractStreamOperatorFactory<Void>
      implements OneInputStreamOperatorFactory<Tuple2<Long, Group>, Void> {
    private static final long serialVersionUID = 1L;

    private final Parts parts;

    public Factory(
        LearnerSettings settings,
        LearnerOpening opening,
        LearnerJournal.Factory journals,
        FailurePoint failures) {
      parts = new Parts(settings, opening, journals, failures);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interface wants it
    public <T extends StreamOperator<Void>> T createStreamOperator(
        StreamOperatorParameters<Void> parameters) {
      return (T) new LearnerOperator(parameters, parts);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
      return LearnerOperator.class;
    }
  }

  private LearnerOperator(StreamOperatorParameters<Void> parameters, Parts parts) {
    super(parameters);
    this.parts = parts;
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>("learner", new AvroTypeInfo<>(LearnerState.class)));
    pending =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("pending", new AvroTypeInfo<>(Group.class)));
    for (LearnerState stored : state.get()) {
      List<Group> groups = new ArrayList<>();
      pending.get().forEach(groups::add);
      restored = LearnerStateCodec.decode(stored, groups);
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    LearnerGauges gauges = new LearnerGauges();
    LearnerMetrics.register(getMetricGroup(), gauges);
    learner = new LearnerThread(readAhead(parts.settings().tape()), this::failed);
    forGood(() -> learner.open(parts.settings().tape(), () -> opened(gauges)));
    restored = null;
  }

  /** Twice as many groups as may be under way; more are there only when a tape is caught up on. */
  private static int readAhead(TapeSettings tape) {
    long window = (tape.maxVersionsBehind() + 1) * tape.groupsPerUpdate();
    return Math.toIntExact(Math.min(2 * window, MOST_READ_AHEAD));
  }

  private Learner opened(LearnerGauges gauges) throws IOException {
    store = parts.opening().store();
    trainer = parts.opening().trainer();
    recover(gauges);
    journal = parts.journals().open(restored == null ? -1 : restored.position().step());
    Learner.Surroundings around =
        new Learner.Surroundings(trainer, store, journal, parts.failures(), gauges);
    return restored == null
        ? Learner.begin(parts.settings(), around, parts.opening().forked())
        : Learner.resume(parts.settings(), around, restored);
  }

  private void recover(LearnerGauges gauges) throws IOException {
    if (restored != null) {
      Recovered recovered =
          new TrainerRecovery(parts.settings(), store, parts.opening()).restore(trainer, restored);
      if (recovered.rebuilt()) {
        gauges.rebuilt();
      }
      restored = recovered.checkpoint();
    }
  }

  /** Wakes the task, which may be waiting for records. */
  private void failed(Throwable failure) {
    try {
      mailbox.execute(() -> forGood(learner::check), "The learner has failed");
    } catch (RejectedExecutionException e) {
      LOG.info("The learner failed while its task was ending", failure);
    }
  }

  @Override
  public void processElement(StreamRecord<Tuple2<Long, Group>> element) throws Exception {
    Tuple2<Long, Group> tape = element.getValue();
    forGood(() -> learner.read(tape.f0, tape.f1));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    LearnerCheckpoint checkpoint =
        learner.call(learning -> learning.checkpoint(context.getCheckpointId()));
    state.update(List.of(LearnerStateCodec.encode(parts.settings().run(), checkpoint)));
    pending.update(checkpoint.position().pending().stream().map(TapeGroup::group).toList());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    forGood(
        () ->
            learner.later(
                learning -> {
                  learning.checkpointCompleted(checkpointId);
                  return null;
                }));
  }

  /** The end of a bounded tape. */
  @Override
  public void finish() throws Exception {
    forGood(() -> learner.call(learning -> null));
    super.finish();
  }

  @Override
  public void close() throws Exception {
    if (learner != null) {
      learner.close();
    }
    if (journal != null) {
      journal.close();
    }
    if (trainer != null) {
      trainer.close();
    }
    if (store != null) {
      store.close();
    }
    super.close();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void forGood(Work work) throws Exception {
    try {
      work.run();
    } catch (RunHaltedException
        | TapeGapException
        | LearnerFencedException
        | DiskFullException
        | InvalidFileException e) {
      // The next attempt would find the same: a trainer state of other settings, for example.
      throw new SuppressRestartsException(e);
    }
  }
}
