package io.couplet.rollout;

import io.couplet.random.RandomStream;
import io.couplet.rollout.AdmissionGate.Admission;
import io.couplet.rollout.AdmissionGate.Settings;
import io.couplet.schemas.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gate's rules once more, in the simplest way: from a whole history to all admissions. A
 * restart is the history up to the checkpoint, gone on with. What {@link AdmissionGate} does is
 * held against this.
 */
final class NaiveGate {
  /** What the gate is told. */
  sealed interface Told {
    record Offered(Problem problem) implements Told {}

    record Credited(long consumed) implements Told {}

    record Idle() implements Told {}

    /** All that can be admitted is. */
    record Asked() implements Told {}
  }

  /** A problem of the set: its latest content and the pass in which it came. */
  private static final class Known {
    Problem content;
    final int joined;

    Known(Problem content, int joined) {
      this.content = content;
      this.joined = joined;
    }
  }

  private NaiveGate() {}

  static List<Admission> admissions(Settings settings, List<Told> history) {
    Map<String, Known> set = new LinkedHashMap<>();
    List<String> fresh = new ArrayList<>();
    List<String> restOfPass = new ArrayList<>();
    List<Admission> admitted = new ArrayList<>();
    int pass = 0;
    long consumed = 0;
    boolean idle = false;
    for (Told told : history) {
      if (told instanceof Told.Offered offered) {
        Problem problem = offered.problem();
        if (set.containsKey(problem.getId())) {
          set.get(problem.getId()).content = problem;
        } else {
          set.put(problem.getId(), new Known(problem, pass));
          fresh.add(problem.getId());
          idle = false;
        }
      } else if (told instanceof Told.Credited credited) {
        consumed = Math.max(consumed, credited.consumed());
      } else if (told instanceof Told.Idle) {
        idle = true;
      } else {
        while (admitted.size() < consumed + settings.window()) {
          if (!fresh.isEmpty()) {
            admitted.add(new Admission(set.get(fresh.remove(0)).content, admitted.size(), 0));
            continue;
          }
          if (!idle) {
            break;
          }
          if (restOfPass.isEmpty()) {
            if (!anyoneMayCome(settings, set, pass + 1)) {
              break;
            }
            pass++;
            restOfPass.addAll(shuffled(settings, new ArrayList<>(set.keySet()), pass));
          }
          Known next = set.get(restOfPass.remove(0));
          if (mayCome(settings, next, pass)) {
            admitted.add(new Admission(next.content, admitted.size(), pass - next.joined));
          }
        }
      }
    }
    return admitted;
  }

  private static boolean anyoneMayCome(Settings settings, Map<String, Known> set, int pass) {
    return set.values().stream().anyMatch(known -> mayCome(settings, known, pass));
  }

  private static boolean mayCome(Settings settings, Known known, int pass) {
    return settings.epochs() == 0 || pass - known.joined < settings.epochs();
  }

  /** An order that follows from (seed, pass): each place takes one of those that came before. */
  private static List<String> shuffled(Settings settings, List<String> ids, int pass) {
    RandomStream random = RandomStream.named(settings.seed(), "admission", pass);
    List<String> order = new ArrayList<>();
    for (String id : ids) {
      int at = random.nextInt(order.size() + 1);
      order.add(id);
      java.util.Collections.swap(order, at, order.size() - 1);
    }
    return order;
  }
}
