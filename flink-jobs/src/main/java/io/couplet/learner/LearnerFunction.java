package io.couplet.learner;

import io.couplet.files.InvalidFileException;
import io.couplet.learner.TrainerRecovery.Recovered;
import io.couplet.learner.state.LearnerState;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The {@link Learner} in Flink: reads (offset, group) at parallelism 1 and emits nothing, for it
 * announces through its journal. A run that halts, a learner that was fenced off and a policy for
 * which the disk has no room fail the job for good; everything else restarts it.
 */
public final class LearnerFunction extends ProcessFunction<Tuple2<Long, Group>, Void>
    implements CheckpointedFunction, CheckpointListener {
  private static final long serialVersionUID = 1L;

  private final LearnerSettings settings;
  private final LearnerOpening opening;
  private final LearnerJournal.Factory journals;
  private final FailurePoint failures;
  private transient ListState<LearnerState> state;
  private transient ListState<Group> pending;
  private transient LearnerCheckpoint restored;
  private transient Trainer trainer;
  private transient LearnerStore store;
  private transient LearnerJournal journal;
  private transient Learner learner;

  /** Opens store and trainer on the machine that learns. */
  public interface LearnerOpening extends TrainerRecovery.RecordedTape, Serializable {
    LearnerStore store() throws IOException;

    /** The run's initial policy in a trainer. */
    Trainer trainer() throws IOException;

    /** Whether {@link #trainer} comes with the state of another run. */
    boolean forked();
  }

  public LearnerFunction(
      LearnerSettings settings,
      LearnerOpening opening,
      LearnerJournal.Factory journals,
      FailurePoint failures) {
    this.settings = settings;
    this.opening = opening;
    this.journals = journals;
    this.failures = failures;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
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
  public void open(OpenContext context) throws Exception {
    store = opening.store();
    LearnerGauges gauges = new LearnerGauges();
    LearnerMetrics.register(getRuntimeContext().getMetricGroup(), gauges);
    guarded(
        () -> {
          trainer = opening.trainer();
          recover(gauges);
          journal = journals.open(restored == null ? -1 : restored.position().step());
          Learner.Surroundings around =
              new Learner.Surroundings(trainer, store, journal, failures, gauges);
          learner =
              restored == null
                  ? Learner.begin(settings, around, opening.forked())
                  : Learner.resume(settings, around, restored);
        });
    restored = null;
  }

  private void recover(LearnerGauges gauges) throws IOException {
    if (restored != null) {
      Recovered recovered =
          new TrainerRecovery(settings, store, opening).restore(trainer, restored);
      if (recovered.rebuilt()) {
        gauges.rebuilt();
      }
      restored = recovered.checkpoint();
    }
  }

  @Override
  public void processElement(Tuple2<Long, Group> tape, Context context, Collector<Void> out)
      throws Exception {
    guarded(() -> learner.read(tape.f0, tape.f1));
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    LearnerCheckpoint checkpoint = learner.checkpoint(context.getCheckpointId());
    state.update(List.of(LearnerStateCodec.encode(settings.run(), checkpoint)));
    pending.update(checkpoint.position().pending().stream().map(TapeGroup::group).toList());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    learner.checkpointCompleted(checkpointId);
  }

  @Override
  public void close() throws IOException {
    if (journal != null) {
      journal.close();
    }
    if (trainer != null) {
      trainer.close();
    }
    if (store != null) {
      store.close();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void guarded(Work work) throws IOException {
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
