package io.couplet.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final LedgerFilter ALL =
      new LedgerFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static LedgerEntry entry(String run, String parent, long step, String weights) {
    return LedgerEntry.newBuilder()
        .setRun(run)
        .setStep(step)
        .setOutcome(step == 0 ? UpdateOutcome.INITIAL : UpdateOutcome.UPDATED)
        .setVersionIn(Math.max(0, step - 1))
        .setVersionOut(step)
        .setWeightsSha256(weights)
        .setPolicySha256("")
        .setPolicyUri("")
        .setGroups(step == 0 ? List.of() : List.of(new LedgerGroup("g" + step, 2 * step, 0L, 0.5)))
        .setDrops(
            step % 2 == 0
                ? List.of()
                : List.of(new LedgerDrop("d" + step, 2 * step - 1, "DROPPED:DEADLINE:tests")))
        .setFirstOffset(0)
        .setLastOffset(0)
        .setConsumedGroups(0)
        .setSeed(1)
        .setLearningRate(0)
        .setLoss(0)
        .setKl(0)
        .setKlMax(0)
        .setClipLowShare(0)
        .setClipHighShare(0)
        .setRatioMax(0)
        .setGradientNorm(0)
        .setRewardMean(0.25 * step)
        .setZeroVarianceShare(0)
        .setStalenessP50(0)
        .setStalenessP95(0)
        .setStalenessMax(0)
        .setRollouts(step == 0 ? 0 : 8)
        .setTokens(10)
        .setSeconds(
            step == 0
                ? Map.of()
                : Map.of(
                    "waiting", 6.0,
                    "learning", 3.0,
                    "publishing", 0.5,
                    "hashing", 0.4,
                    "recording", 0.1,
                    "sample_to_gradient", 99.0))
        .setEnvironment(Map.of())
        .setParentRun(parent)
        .setCreatedMs(0)
        .build();
  }

  private static Ledger ledger(String run, String parent, int steps, String first) {
    List<LedgerEntry> entries = new ArrayList<>();
    entries.add(entry(run, parent, 0, first));
    for (int step = 1; step <= steps; step++) {
      entries.add(entry(run, parent, step, run + step));
    }
    return Ledger.of(entries);
  }

  private static LedgerDiff diff(Ledger left, Ledger right, Ledger... known) {
    java.util.function.Function<String, Optional<Ledger>> others =
        name -> List.of(known).stream().filter(one -> one.run().equals(name)).findFirst();
    return LedgerDiff.of(LedgerHistory.of(left, others), LedgerHistory.of(right, others));
  }

  @Test
  void aRunAndItsForkPartAfterTheStepItWasForkedAt() {
    Ledger parent = ledger("parent", null, 8, "base");
    Ledger fork = ledger("fork", "parent@5", 4, "parent5");
    LedgerDiff difference = diff(parent, fork, parent);
    assertThat(difference.commonSteps()).isEqualTo(6);
    assertThat(difference.parting()).contains(6L);
    assertThat(difference.steps()).hasSize(9);
    LedgerDiff.StepDiff parting = difference.steps().get(6);
    assertThat(parting.left().name()).isEqualTo("parent@6");
    assertThat(parting.right().name()).isEqualTo("fork@1");
  }

  @Test
  void forksOfForksAndOfTheSameRunShareTheirHistory() {
    Ledger root = ledger("root", null, 9, "base");
    Ledger left = ledger("left", "root@6", 5, "root6");
    Ledger right = ledger("right", "root@4", 3, "root4");
    Ledger child = ledger("child", "right@2", 3, "right2");
    assertThat(diff(left, right, root).parting()).contains(5L);
    LedgerDiff difference = diff(left, child, root, right);
    assertThat(difference.parting()).contains(5L);
    assertThat(difference.steps().get(5).right().name()).isEqualTo("right@1");
    assertThat(difference.steps().get(7).right().name()).isEqualTo("child@1");
    assertThat(diff(right, child, root, right).parting()).contains(7L);
  }

  @Test
  void aForkWhoseParentIsNotHereIsComparedByTheStepsItNames() {
    Ledger parent = ledger("parent", null, 8, "base");
    Ledger fork = ledger("fork", "gone@5", 2, "parent5");
    LedgerDiff difference = diff(parent, fork);
    assertThat(difference.steps())
        .extracting(LedgerDiff.StepDiff::step)
        .containsExactly(5L, 6L, 7L);
    assertThat(difference.parting()).contains(6L);
  }

  @Test
  void aPartingAlwaysHasAReason() {
    Ledger left = ledger("left", null, 3, "base");
    Ledger right = ledger("right", null, 3, "base");
    assertThat(diff(left, right).reasons()).hasSize(1).first().asString().contains("rollouts");
    assertThat(diff(left, ledger("other", null, 2, "another")).reasons())
        .containsExactly("other initial policies");
  }

  @Test
  void aRecordToldTwiceIsOneStepAndAnotherHashIsAConflict() {
    List<LedgerEntry> entries = new ArrayList<>(ledger("r", null, 3, "base").steps().values());
    entries.add(entry("r", null, 2, "r2"));
    assertThat(Ledger.of(entries).conflicts()).isEmpty();
    entries.add(entry("r", null, 2, "another"));
    Ledger ledger = Ledger.of(entries);
    assertThat(ledger.conflicts()).hasSize(1);
    assertThat(ledger.entry(2).getWeightsSha256()).isEqualTo("r2");
  }

  @Test
  void filtersTakeStepsOutcomesGroupsAndReasons() {
    LedgerEntry halted = entry("r", null, 3, "r3");
    halted.setOutcome(UpdateOutcome.HALTED);
    List<LedgerEntry> entries = new ArrayList<>(ledger("r", null, 6, "base").steps().values());
    entries.add(halted);
    Ledger ledger = Ledger.of(entries);
    assertThat(steps(ALL, ledger)).containsExactly(0L, 1L, 2L, 3L, 3L, 4L, 5L, 6L);
    assertThat(
            steps(
                new LedgerFilter(
                    Optional.of(2L),
                    Optional.of(4L),
                    Optional.of(UpdateOutcome.UPDATED),
                    Optional.empty(),
                    Optional.empty()),
                ledger))
        .containsExactly(2L, 3L, 4L);
    assertThat(steps(withGroup("g4"), ledger)).containsExactly(4L);
    assertThat(steps(withGroup("d5"), ledger)).containsExactly(5L);
    assertThat(
            steps(
                new LedgerFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(UpdateOutcome.UPDATED),
                    Optional.empty(),
                    Optional.of("DROPPED:DEADLINE")),
                ledger))
        .containsExactly(1L, 3L, 5L);
  }

  private static LedgerFilter withGroup(String group) {
    return new LedgerFilter(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(group), Optional.empty());
  }

  private static List<Long> steps(LedgerFilter filter, Ledger ledger) {
    return filter.of(ledger).stream().map(LedgerEntry::getStep).toList();
  }

  @Test
  void aSummaryAddsUpAndTellsWhatTheLedgerCost() {
    LedgerSummary summary = LedgerSummary.of(ALL.of(ledger("r", null, 4, "base")));
    assertThat(summary.updates()).isEqualTo(4);
    assertThat(summary.groupsUsed()).isEqualTo(4);
    assertThat(summary.rollouts()).isEqualTo(32);
    assertThat(summary.rewardMean()).isEqualTo(0.625);
    assertThat(summary.drops()).containsExactly(Map.entry("DROPPED", 2L));
    assertThat(summary.wallSeconds()).isEqualTo(40);
    assertThat(summary.ledgerShare()).isEqualTo(0.05);
    assertThat(LedgerSummary.of(List.of()).ledgerShare()).isZero();
  }

  @Test
  void aStepThatIsNotThereIsAnsweredWithTheStepsThatAre() {
    assertThatThrownBy(() -> ledger("r", null, 4, "base").entry(9))
        .isInstanceOf(LedgerException.class)
        .hasMessage("Run r has no step 9; its ledger holds steps 0 to 4");
  }
}
