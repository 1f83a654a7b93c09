package io.couplet.bench;

import io.couplet.config.RunConfig;
import io.couplet.local.run.FaultyRun;
import io.couplet.local.run.FaultyRun.Course;
import io.couplet.local.run.FaultyRun.Fault;
import io.couplet.local.run.FaultyRun.Injected;
import io.couplet.local.run.RecordedRun;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.replay.ReplayReport;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A run of which a part is killed every few updates, against the same run undisturbed: a finite set
 * of problems, each to be visited once, so that what is lost or doubled can be counted.
 */
public final class FailuresBenchmark {
  /**
   * One kill and what came of it.
   *
   * @param at point of the learner; empty for the others
   * @param resumeSeconds until the ledger held an update with a group that was opened after the
   *     kill; NaN when the run ended before
   */
  public record Kill(Fault fault, String at, long step, double resumeSeconds) {}

  /**
   * What was found.
   *
   * @param problems to be visited once each
   * @param lost problems without a group on the tape
   * @param doubled groups that are in more than one place of the ledger
   * @param repeatedRollouts rollouts on their topic beyond one for each member
   * @param rollouts one for each member
   * @param hashesEqual whether an undisturbed replay found the hash of every update
   * @param verdict the replay's sentence
   * @param goodput problems per second, of the same without kills
   */
  public record Report(
      List<Kill> kills,
      Map<Fault, Long> injected,
      long problems,
      long updates,
      long lost,
      long doubled,
      long repeatedRollouts,
      long rollouts,
      double resumeP50,
      double resumeP95,
      double seconds,
      double undisturbedSeconds,
      double goodput,
      boolean hashesEqual,
      String verdict) {
    public Report {
      kills = List.copyOf(kills);
      injected = new TreeMap<>(injected);
    }
  }

  private final BenchRuns runs;
  private final long updates;
  private final long every;

  /**
   * @param directory working files
   * @param updates of which the problems suffice for, if all groups are usable
   * @param every updates from one kill to the next, at least 1
   */
  public FailuresBenchmark(
      Path directory, List<String> settings, long updates, long every, Consumer<String> progress) {
    this.runs = new BenchRuns(directory, settings, progress);
    this.updates = updates;
    this.every = every;
  }

  public Report run() throws Exception {
    List<String> own =
        List.of(
            "problems.count=" + updates * RunConfig.defaults().admission().groupsPerUpdate(),
            "problems.epochs=1",
            "evaluation.every=0");
    Course undisturbed =
        runs.make(
            "undisturbed",
            own,
            (place, config, notes) -> FaultyRun.follow(place, config, 0, notes));
    return runs.make(
        "with kills",
        own,
        (place, config, notes) -> {
          Course course = FaultyRun.follow(place, config, every, notes);
          notes.accept("replaying");
          return report(place, config, course, undisturbed);
        });
  }

  private static Report report(
      RunDirectory place, RunConfig config, Course course, Course undisturbed) throws Exception {
    try (RunConnection connection = RunConnection.open(place);
        RecordedRun recorded = new RecordedRun(connection)) {
      List<LedgerEntry> ledger = List.copyOf(recorded.ledger().steps().values());
      Map<String, Long> openedMs = new HashMap<>();
      for (Group group : TopicReader.all(connection.kafka(), connection.topics(), Topic.GROUPS)) {
        openedMs.putIfAbsent(group.getGroup(), group.getOpenedMs());
      }
      long rollouts = 0;
      Set<String> members = new HashSet<>();
      for (Rollout rollout :
          TopicReader.all(connection.kafka(), connection.topics(), Topic.ROLLOUTS)) {
        rollouts++;
        members.add(rollout.getMember() + "/" + rollout.getGroup());
      }
      List<Kill> kills =
          course.injected().stream().map(each -> kill(each, ledger, openedMs)).toList();
      List<Double> resumes =
          kills.stream().map(Kill::resumeSeconds).filter(seconds -> !seconds.isNaN()).toList();
      Map<Fault, Long> injected = new HashMap<>();
      kills.forEach(kill -> injected.merge(kill.fault(), 1L, Long::sum));
      ReplayReport replayed = recorded.replay().compare(0, recorded.ledger().lastStep());
      return new Report(
          kills,
          injected,
          config.problems().count(),
          recorded.ledger().lastStep(),
          config.problems().count() - openedMs.size(),
          doubled(ledger),
          rollouts - members.size(),
          members.size(),
          Quantiles.of(resumes, 0.5),
          Quantiles.of(resumes, 0.95),
          course.seconds(),
          undisturbed.seconds(),
          undisturbed.seconds() / course.seconds(),
          replayed.verified(),
          replayed.sentence());
    }
  }

  private static Kill kill(
      Injected injected, List<LedgerEntry> ledger, Map<String, Long> openedMs) {
    double resumed =
        ledger.stream()
            .filter(
                entry ->
                    entry.getGroups().stream()
                        .anyMatch(group -> openedMs.get(group.getGroup()) > injected.atMs()))
            .mapToDouble(entry -> (entry.getCreatedMs() - injected.atMs()) / 1e3)
            .min()
            .orElse(Double.NaN);
    return new Kill(
        injected.fault(), injected.point().map(Enum::name).orElse(""), injected.step(), resumed);
  }

  /** Groups that the ledger names more than once, other than as duplicates that it left out. */
  private static long doubled(List<LedgerEntry> ledger) {
    List<String> named = new ArrayList<>();
    for (LedgerEntry entry : ledger) {
      entry.getGroups().stream().map(LedgerGroup::getGroup).forEach(named::add);
      entry.getDrops().stream()
          .filter(drop -> !drop.getReason().equals("DUPLICATE"))
          .map(LedgerDrop::getGroup)
          .forEach(named::add);
    }
    return (long) named.size() - new HashSet<>(named).size();
  }
}
