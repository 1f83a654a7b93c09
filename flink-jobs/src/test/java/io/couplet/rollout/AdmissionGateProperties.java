package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.rollout.AdmissionGate.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The gate under random interleavings of problems, credits, idleness, checkpoints and restarts. */
class AdmissionGateProperties {
  enum Event {
    PROBLEM,
    REPEATED_PROBLEM,
    CREDIT,
    IDLE,
    CHECKPOINT,
    RESTART
  }

  @Provide
  Arbitrary<List<Event>> histories() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, Arbitraries.just(Event.PROBLEM)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Event.REPEATED_PROBLEM)),
            net.jqwik.api.Tuple.of(8, Arbitraries.just(Event.CREDIT)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Event.IDLE)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Event.CHECKPOINT)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Event.RESTART)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  /** A gate with its source and its learner; a restart takes all three back to the checkpoint. */
  private static final class Run {
    final AdmissionGate.Settings settings;
    MapGateStore store = new MapGateStore();
    AdmissionGate gate;
    int offered;
    MapGateStore checkpoint = new MapGateStore();
    int offeredAtCheckpoint;
    long consumed;
    final List<Integer> source = new ArrayList<>();
    final Map<String, Admission> everAdmitted = new HashMap<>();
    Set<String> admitted = new HashSet<>();
    Set<String> admittedAtCheckpoint = new HashSet<>();

    Run(long window, int epochs) {
      settings = new AdmissionGate.Settings(3, window, epochs);
      gate = new AdmissionGate(settings, store);
    }

    void apply(Event event) {
      switch (event) {
        case PROBLEM -> source.add((int) source.stream().distinct().count());
        case REPEATED_PROBLEM -> source.add(source.isEmpty() ? 0 : source.size() / 2);
        case CREDIT -> {
          if (consumed < store.cursor().getSequence()) {
            consumed++;
          }
          gate.credit(consumed);
        }
        case IDLE -> gate.sourceIdle();
        case CHECKPOINT -> {
          checkpoint = store.snapshot();
          offeredAtCheckpoint = offered;
          admittedAtCheckpoint = new HashSet<>(admitted);
        }
        case RESTART -> {
          store = checkpoint.snapshot();
          gate = new AdmissionGate(settings, store);
          offered = offeredAtCheckpoint;
          admitted = new HashSet<>(admittedAtCheckpoint);
          // The learner is another job: what it consumed stays consumed and is announced again.
          gate.credit(consumed);
        }
      }
      while (offered < source.size()) {
        gate.offer(Problems.problem("p" + source.get(offered++)));
      }
      admit();
    }

    void admit() {
      for (Optional<Admission> next = gate.next(); next.isPresent(); next = gate.next()) {
        Admission admission = next.get();
        assertThat(admission.sequence())
            .as("at most the window is under way")
            .isLessThan(consumed + settings.window());
        assertThat(admitted.add(admission.group()))
            .as("%s is admitted once", admission.group())
            .isTrue();
        Admission before = everAdmitted.put(admission.group(), admission);
        assertThat(before == null || before.problem().equals(admission.problem()))
            .as("%s is the same visit before and after a restart", admission.group())
            .isTrue();
      }
    }

    boolean everythingVisited() {
      long distinct = source.stream().distinct().count();
      return settings.epochs() > 0 && admitted.size() == distinct * settings.epochs();
    }
  }

  @Property(tries = 400)
  void theWindowHoldsAndNoGroupIsAdmittedTwice(
      @ForAll("histories") List<Event> history,
      @ForAll @IntRange(min = 1, max = 12) int window,
      @ForAll @IntRange(min = 0, max = 3) int epochs) {
    Run run = new Run(window, epochs);
    history.forEach(run::apply);
  }

  @Property(tries = 400)
  void withCreditEveryProblemIsVisitedAsOftenAsItMay(
      @ForAll("histories") List<Event> history,
      @ForAll @IntRange(min = 1, max = 12) int window,
      @ForAll @IntRange(min = 1, max = 3) int epochs) {
    Run run = new Run(window, epochs);
    history.forEach(run::apply);
    run.apply(Event.IDLE);
    for (int i = 0; i < 2_000 && !run.everythingVisited(); i++) {
      run.apply(Event.CREDIT);
    }
    Set<String> expected = new HashSet<>();
    run.source.stream()
        .distinct()
        .forEach(
            problem ->
                IntStream.range(0, epochs)
                    .forEach(epoch -> expected.add("p" + problem + "@" + epoch)));
    assertThat(run.admitted).isEqualTo(expected);
  }

  @Property(tries = 200)
  void whileCreditRemainsAndAnEndlessSetIsKnownTheGateIsNeverStuck(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 12) int window) {
    Run run = new Run(window, 0);
    run.apply(Event.PROBLEM);
    history.forEach(run::apply);
    run.apply(Event.IDLE);
    assertThat(run.store.cursor().getSequence()).isGreaterThanOrEqualTo(run.consumed + window);
  }

  @Property(tries = 200)
  void withoutARestartTheOrderDependsOnArrivalsAloneAndNotOnWhenCreditCame(
      @ForAll @IntRange(min = 1, max = 20) int problems,
      @ForAll @IntRange(min = 1, max = 12) int window,
      @ForAll @IntRange(min = 1, max = 12) int otherWindow) {
    assertThat(order(problems, window)).isEqualTo(order(problems, otherWindow));
  }

  private static List<String> order(int problems, int window) {
    AdmissionGate gate =
        new AdmissionGate(new AdmissionGate.Settings(11, window, 0), new MapGateStore());
    IntStream.range(0, problems).forEach(i -> gate.offer(Problems.problem("p" + i)));
    gate.sourceIdle();
    List<String> order = new ArrayList<>();
    for (long consumed = 0; order.size() < 60; consumed++) {
      gate.credit(consumed);
      for (Optional<Admission> next = gate.next(); next.isPresent(); next = gate.next()) {
        order.add(next.get().group());
      }
    }
    return order.subList(0, 60);
  }
}
