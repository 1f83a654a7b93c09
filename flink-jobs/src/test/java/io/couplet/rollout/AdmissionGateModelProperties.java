package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.rollout.AdmissionGate.Admission;
import io.couplet.rollout.AdmissionGate.Arrival;
import io.couplet.rollout.NaiveGate.Told;
import io.couplet.schemas.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The gate against {@link NaiveGate}, after every event, in random histories of new, repeated and
 * changed problems, credits that grow, repeat or are old, idleness, checkpoints and restarts.
 */
class AdmissionGateModelProperties {
  private static final int EVENTS = 60;

  @Property(tries = 300)
  void everyAdmissionIsTheOneThatTheWholeHistoryGives(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int window,
      @ForAll @IntRange(min = 0, max = 3) int epochs) {
    Random random = new Random(seed);
    AdmissionGate.Settings settings = new AdmissionGate.Settings(seed, window, epochs);
    MapGateStore store = new MapGateStore();
    AdmissionGate gate = new AdmissionGate(settings, store);
    List<Told> history = new ArrayList<>();
    List<Admission> admitted = new ArrayList<>();
    MapGateStore checkpoint = store.snapshot();
    List<Told> historyThen = List.of();
    List<Admission> admittedThen = List.of();
    for (int event = 0; event < EVENTS; event++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          checkpoint = store.snapshot();
          historyThen = List.copyOf(history);
          admittedThen = List.copyOf(admitted);
        }
        case 1 -> {
          store = checkpoint.snapshot();
          gate = new AdmissionGate(settings, store);
          history = new ArrayList<>(historyThen);
          admitted = new ArrayList<>(admittedThen);
        }
        default -> tell(gate, told(random, admitted.size()), history);
      }
      if (random.nextBoolean()) {
        history.add(new Told.Asked());
        for (Optional<Admission> next = gate.next(); next.isPresent(); next = gate.next()) {
          admitted.add(next.get());
        }
      }
      assertThat(admitted).isEqualTo(NaiveGate.admissions(settings, history));
    }
  }

  private static Told told(Random random, int admitted) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Told.Idle();
      case 2, 3, 4 -> new Told.Credited(random.nextInt(admitted + 1));
      default -> new Told.Offered(problem(random));
    };
  }

  private static Problem problem(Random random) {
    Problem problem = Problems.problem("p" + random.nextInt(12));
    return random.nextInt(4) > 0
        ? problem
        : Problem.newBuilder(problem).setEntryPoint("f" + random.nextInt(3)).build();
  }

  private static void tell(AdmissionGate gate, Told told, List<Told> history) {
    if (told instanceof Told.Offered offered) {
      assertThat(gate.offer(offered.problem())).isEqualTo(arrival(offered.problem(), history));
    } else if (told instanceof Told.Credited credited) {
      gate.credit(credited.consumed());
    } else {
      gate.sourceIdle();
    }
    history.add(told);
  }

  private static Arrival arrival(Problem problem, List<Told> history) {
    Arrival arrival = Arrival.NEW;
    for (Told told : history) {
      if (told instanceof Told.Offered before && before.problem().getId().equals(problem.getId())) {
        arrival = before.problem().equals(problem) ? Arrival.DUPLICATE : Arrival.CHANGED;
      }
    }
    return arrival;
  }
}
