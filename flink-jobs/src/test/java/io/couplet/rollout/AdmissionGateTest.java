package io.couplet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.rollout.AdmissionGate.Admission;
import io.couplet.rollout.AdmissionGate.Arrival;
import io.couplet.schemas.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {
  private final MapGateStore store = new MapGateStore();

  private AdmissionGate gate(long window, int epochs) {
    return new AdmissionGate(new AdmissionGate.Settings(7, window, epochs), store);
  }

  private static List<Admission> drain(AdmissionGate gate) {
    List<Admission> admissions = new ArrayList<>();
    for (Optional<Admission> next = gate.next(); next.isPresent(); next = gate.next()) {
      admissions.add(next.get());
    }
    return admissions;
  }

  private static List<String> groups(List<Admission> admissions) {
    return admissions.stream().map(Admission::group).toList();
  }

  private static void offer(AdmissionGate gate, int problems) {
    IntStream.range(0, problems).forEach(i -> gate.offer(Problems.problem("p" + i)));
  }

  @Test
  void theWindowIsAdmittedAndNoMoreUntilTheLearnerPaysBack() {
    AdmissionGate gate = gate(4, 0);
    offer(gate, 10);
    assertThat(groups(drain(gate))).containsExactly("p0@0", "p1@0", "p2@0", "p3@0");
    gate.credit(2);
    assertThat(groups(drain(gate))).containsExactly("p4@0", "p5@0");
    gate.credit(1);
    assertThat(drain(gate)).as("an older announcement pays nothing").isEmpty();
  }

  @Test
  void groupsAreNumberedFromZeroWithoutGaps() {
    AdmissionGate gate = gate(100, 3);
    offer(gate, 5);
    gate.sourceIdle();
    assertThat(drain(gate).stream().map(Admission::sequence))
        .containsExactlyElementsOf(IntStream.range(0, 15).mapToObj(Long::valueOf).toList());
  }

  @Test
  void nothingIsVisitedAgainWhileProblemsAreStillArriving() {
    AdmissionGate gate = gate(100, 0);
    offer(gate, 3);
    assertThat(drain(gate)).hasSize(3);
    gate.sourceIdle();
    assertThat(drain(gate)).hasSize(97);
  }

  @Test
  void everyPassVisitsEveryProblemOnceInAnOrderOfItsOwn() {
    AdmissionGate gate = gate(40, 4);
    offer(gate, 10);
    gate.sourceIdle();
    List<String> groups = groups(drain(gate));
    assertThat(groups).hasSize(40).doesNotHaveDuplicates();
    List<List<String>> orders = new ArrayList<>();
    for (int pass = 0; pass < 4; pass++) {
      List<String> visits = groups.subList(10 * pass, 10 * pass + 10);
      String epoch = "@" + pass;
      assertThat(visits).allMatch(group -> group.endsWith(epoch));
      orders.add(visits.stream().map(group -> group.substring(0, 2)).toList());
    }
    assertThat(orders).doesNotHaveDuplicates();
  }

  @Test
  void theSameSeedGivesTheSameOrder() {
    AdmissionGate one = gate(60, 0);
    offer(one, 10);
    one.sourceIdle();
    AdmissionGate other =
        new AdmissionGate(new AdmissionGate.Settings(7, 60, 0), new MapGateStore());
    offer(other, 10);
    other.sourceIdle();
    assertThat(groups(drain(one))).isEqualTo(groups(drain(other)));
  }

  @Test
  void epochsEndTheRunAndANewProblemReopensIt() {
    AdmissionGate gate = gate(1_000, 2);
    offer(gate, 2);
    gate.sourceIdle();
    assertThat(drain(gate)).hasSize(4);
    gate.credit(4);
    assertThat(drain(gate)).isEmpty();
    gate.offer(Problems.problem("late"));
    assertThat(groups(drain(gate))).containsExactly("late@0");
    gate.sourceIdle();
    assertThat(groups(drain(gate))).containsExactly("late@1");
    assertThat(drain(gate)).isEmpty();
  }

  @Test
  void aProblemThatArrivesInMidPassGoesFirstAndJoinsTheNextPass() {
    AdmissionGate gate = gate(5, 0);
    offer(gate, 4);
    gate.sourceIdle();
    drain(gate);
    gate.offer(Problems.problem("late"));
    gate.credit(1);
    assertThat(groups(drain(gate))).containsExactly("late@0");
    gate.sourceIdle();
    gate.credit(9);
    List<String> rest = groups(drain(gate));
    assertThat(rest.subList(0, 3)).allMatch(group -> group.endsWith("@1"));
    assertThat(rest).contains("late@1");
  }

  @Test
  void aDuplicateIsCountedAndNotAdmittedAgain() {
    AdmissionGate gate = gate(10, 1);
    assertThat(gate.offer(Problems.problem("p"))).isEqualTo(Arrival.NEW);
    assertThat(gate.offer(Problems.problem("p"))).isEqualTo(Arrival.DUPLICATE);
    assertThat(drain(gate)).hasSize(1);
    assertThat(store.cursor().getDuplicates()).isEqualTo(1);
  }

  @Test
  void changedContentCountsFromTheNextVisitOn() {
    AdmissionGate gate = gate(2, 0);
    gate.offer(Problems.problem("p", "old"));
    assertThat(drain(gate))
        .extracting(Admission::problem)
        .extracting(Problem::getQuestion)
        .containsExactly("old");
    assertThat(gate.offer(Problems.problem("p", "new"))).isEqualTo(Arrival.CHANGED);
    gate.sourceIdle();
    assertThat(drain(gate))
        .extracting(Admission::problem)
        .extracting(Problem::getQuestion)
        .containsExactly("new");
    assertThat(store.cursor().getChanged()).isEqualTo(1);
  }

  @Test
  void announcementsOfAReplacedLearnerAreVoid() {
    var current = Problems.policy(5, 80, 2);
    assertThat(LatestPolicy.of(current, Problems.policy(9, 160, 1))).isSameAs(current);
    assertThat(LatestPolicy.of(current, Problems.policy(4, 64, 3)))
        .as("a resumed learner repeats old versions")
        .isSameAs(current);
    var next = Problems.policy(6, 96, 3);
    assertThat(LatestPolicy.of(current, next)).isSameAs(next);
  }
}
