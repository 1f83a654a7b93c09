package io.couplet.replay;

import io.couplet.learner.LearnerStore;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.TapeGroup;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerException;
import io.couplet.policy.UnverifiablePolicyException;
import io.couplet.schemas.Group;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ReplaySession} in Flink: reads (offset, group), and at the end of the tape emits the
 * report as JSON. What another attempt would find again fails the job for good.
 */
final class ReplayOperator extends AbstractStreamOperator<String>
    implements OneInputStreamOperator<Tuple2<Long, Group>, String>, BoundedOneInput {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ReplayOperator.class);

  private final ReplayOpening opening;
  private final ReplaySettings settings;
  private final long base;
  private final long from;
  private final long to;
  private transient LearnerStore store;
  private transient ReplayStart start;
  private transient ReplaySession session;
  private transient volatile long step;

  /** Opens ledger, store and trainer of the run. */
  interface ReplayOpening extends Serializable {
    Ledger ledger() throws IOException;

    /**
     * @param scratch local directory that the store may use
     */
    LearnerStore store(Path scratch) throws IOException;

    Trainer trainer(Path policy) throws IOException;
  }

  /**
   * @param base step whose state is retained and from whose end on the tape is read
   */
  ReplayOperator(ReplayOpening opening, ReplaySettings settings, long base, long from, long to) {
    this.opening = opening;
    this.settings = settings;
    this.base = base;
    this.from = from;
    this.to = to;
  }

  @Override
  public void open() throws Exception {
    super.open();
    getMetricGroup().addGroup("couplet").addGroup("replay").gauge("step", () -> step);
    Path scratch = Files.createTempDirectory("couplet-replay");
    store = opening.store(scratch);
    forGood(
        () -> {
          Ledger ledger = opening.ledger();
          start = ReplayStart.at(base, ledger, store, opening::trainer);
          session =
              new ReplaySession(
                  ledger, settings, start, from, to, scratch.resolve("check"), done -> step = done);
        });
  }

  @Override
  public void processElement(StreamRecord<Tuple2<Long, Group>> element) throws Exception {
    Tuple2<Long, Group> tape = element.getValue();
    forGood(() -> session.read(new TapeGroup(tape.f0, tape.f1)));
  }

  @Override
  public void endInput() throws Exception {
    forGood(
        () -> {
          ReplayReport report = session.report();
          String json = report.json().toString();
          ListAccumulator<String> result = new ListAccumulator<>();
          result.add(json);
          getRuntimeContext().addAccumulator(ReplayJob.REPORT, result);
          if (report.verified()) {
            LOG.info("{}", report.sentence());
          } else {
            LOG.error("{}", report.sentence());
          }
          output.collect(new StreamRecord<>(json));
          if (report.divergence().isPresent()) {
            throw new DivergedException(report.divergence().get());
          }
        });
  }

  @Override
  public void close() throws Exception {
    if (start != null) {
      start.trainer().close();
    }
    if (store != null) {
      store.close();
    }
    super.close();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void forGood(Work work) throws IOException {
    try {
      work.run();
    } catch (DivergedException
        | TapeGapException
        | LedgerException
        | UnverifiablePolicyException e) {
      throw new SuppressRestartsException(e);
    }
  }
}
