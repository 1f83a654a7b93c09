package io.couplet.advantage;

import io.couplet.schemas.Group;
import io.couplet.schemas.GroupStatus;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The metric group couplet.groups. Counts since the operator started. */
final class GroupMetrics {
  private final MetricGroup group;
  private final Map<Occurrence, Counter> occurrences = new EnumMap<>(Occurrence.class);
  private final Map<GroupStatus, Counter> closed = new EnumMap<>(GroupStatus.class);
  private final Map<String, Counter> dropped = new HashMap<>();
  private final Counter zeroVariance;
  private final Counter deadLetters;
  private final AtomicLong open;

  /**
   * @param open groups that were open when the operator was restored
   */
  GroupMetrics(MetricGroup parent, long open) {
    this.open = new AtomicLong(open);
    group = parent.addGroup("couplet").addGroup("groups");
    for (Occurrence occurrence : Occurrence.values()) {
      occurrences.put(occurrence, group.counter(occurrence.metricName()));
    }
    for (GroupStatus status : GroupStatus.values()) {
      closed.put(status, group.counter(status.name().toLowerCase(Locale.ROOT)));
    }
    zeroVariance = group.counter("zeroVariance");
    deadLetters = group.counter("deadLetters");
    group.gauge("open", (Gauge<Long>) this::open);
  }

  void noted(Occurrence occurrence) {
    occurrences.get(occurrence).inc();
    if (occurrence == Occurrence.OPENED) {
      open.incrementAndGet();
    }
  }

  void closed(Group record) {
    open.decrementAndGet();
    closed.get(record.getStatus()).inc();
    if (record.getStatus() == GroupStatus.DROPPED) {
      // The first word alone: the rest names sources and members, too many for metric names.
      String reason = record.getDropReason().split(":", 2)[0];
      dropped.computeIfAbsent(reason, r -> group.addGroup("dropped", r).counter("count")).inc();
    } else if (record.getMembers().stream().allMatch(member -> member.getAdvantage() == 0)) {
      zeroVariance.inc();
    }
  }

  long open() {
    return open.get();
  }

  void buried() {
    deadLetters.inc();
  }
}
