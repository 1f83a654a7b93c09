package io.couplet.reward;

import io.couplet.schemas.Reward;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Passes the rewards of a group on together, so that they share a request to the broker, which
 * costs more than its records do. Nothing waits for one of them: advantages need the last.
 *
 * <p>A group is passed on when as many rewards as it has members are there, {@link #PATIENCE_MS}
 * after its first one, and before each checkpoint, so that there is no state.
 */
final class GroupsTogether extends AbstractStreamOperator<Reward>
    implements OneInputStreamOperator<Reward, Reward>, ProcessingTimeCallback {
  static final long PATIENCE_MS = 500;

  private static final long serialVersionUID = 1L;

  private final int size;

  /** In the order of their first rewards. */
  private transient Map<String, Held> groups;

  private transient boolean waking;

  private record Held(long sinceMs, List<Reward> rewards) {}

  /**
   * @param size members of a group
   */
  GroupsTogether(int size) {
    this.size = size;
  }

  @Override
  public void open() throws Exception {
    super.open();
    groups = new LinkedHashMap<>();
  }

  @Override
  public void processElement(StreamRecord<Reward> element) {
    Reward reward = element.getValue();
    long now = getProcessingTimeService().getCurrentProcessingTime();
    Held held =
        groups.computeIfAbsent(reward.getGroup(), group -> new Held(now, new ArrayList<>(size)));
    held.rewards().add(reward);
    if (held.rewards().size() == size) {
      groups.remove(reward.getGroup());
      pass(held);
    } else {
      wake(held);
    }
  }

  private void wake(Held oldest) {
    if (!waking) {
      waking = true;
      getProcessingTimeService().registerTimer(oldest.sinceMs() + PATIENCE_MS, this);
    }
  }

  @Override
  public void onProcessingTime(long time) {
    waking = false;
    Iterator<Held> oldestFirst = groups.values().iterator();
    while (oldestFirst.hasNext()) {
      Held held = oldestFirst.next();
      if (time < held.sinceMs() + PATIENCE_MS) {
        wake(held);
        return;
      }
      oldestFirst.remove();
      pass(held);
    }
  }

  private void pass(Held held) {
    held.rewards().forEach(reward -> output.collect(new StreamRecord<>(reward)));
  }

  private void passAll() {
    groups.values().forEach(this::pass);
    groups.clear();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpoint) {
    passAll();
  }

  @Override
  public void finish() {
    passAll();
  }
}
