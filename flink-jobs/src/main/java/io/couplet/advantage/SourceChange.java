package io.couplet.advantage;

import io.couplet.schemas.RewardSource;
import java.io.Serializable;
import org.apache.flink.api.common.state.BroadcastState;

/**
 * A reward source is added, changed or removed.
 *
 * @param name of the source
 * @param source null when it is removed
 */
public record SourceChange(String name, RewardSource source) implements Serializable {
  static SourceChange to(RewardSource source) {
    return new SourceChange(source.getName(), source);
  }

  static SourceChange removal(String name) {
    return new SourceChange(name, null);
  }

  /** Why the change cannot be taken, or null. */
  String wrong() {
    if (source == null) {
      return null;
    }
    if (!Double.isFinite(source.getWeight())) {
      return "Expected a finite weight of source " + name + ", found " + source.getWeight();
    }
    if (!(source.getMinimum() <= source.getMaximum())
        || !Double.isFinite(source.getMinimum())
        || !Double.isFinite(source.getMaximum())) {
      return "Expected finite bounds in order of source "
          + name
          + ", found "
          + source.getMinimum()
          + " and "
          + source.getMaximum();
    }
    return source.getDeadlineMs() < 1
        ? "Expected a deadline of at least 1 ms of source "
            + name
            + ", found "
            + source.getDeadlineMs()
        : null;
  }

  void applyTo(BroadcastState<String, RewardSource> sources) throws Exception {
    if (source == null) {
      sources.remove(name);
    } else {
      sources.put(name, source);
    }
  }
}
