package io.couplet.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.learner.CountingTrainer;
import io.couplet.learner.FailurePoint;
import io.couplet.learner.InMemoryJournal;
import io.couplet.learner.Learner;
import io.couplet.learner.LearnerGauges;
import io.couplet.learner.LearnerSettings;
import io.couplet.learner.LearnerStore;
import io.couplet.learner.ListTape;
import io.couplet.learner.Tape;
import io.couplet.learner.TapeGapException;
import io.couplet.learner.TapeSettings;
import io.couplet.learner.Tapes;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerDiff;
import io.couplet.ledger.LedgerException;
import io.couplet.ledger.LedgerHistory;
import io.couplet.policy.LocalObjectStore;
import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.UpdateOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private static final TapeSettings SETTINGS = Tapes.settings(2, 1);
  private static final int STEPS = 10;

  @TempDir Path directory;
  private final InMemoryJournal journal = new InMemoryJournal();
  private final List<Group> tape = new ArrayList<>();
  private final Set<Long> missing = new HashSet<>();
  private LearnerStore store;

  /** Ten updates; a skipped group in front of each, every fourth trainer state kept. */
  @BeforeEach
  void run() throws IOException {
    store = new LearnerStore(new LocalObjectStore(directory.resolve("s")), directory.resolve("t"));
    LearnerSettings settings = new LearnerSettings("r", 7, null, SETTINGS, 2, 4, 0, 100, 1);
    Learner learner =
        Learner.begin(
            settings,
            new Learner.Surroundings(
                new CountingTrainer(),
                store,
                journal.open(),
                FailurePoint.NONE,
                new LearnerGauges()),
            false);
    for (int step = 0; step < STEPS; step++) {
      tape.add(step % 3 == 0 ? Tapes.flat("flat" + step, step) : Tapes.usable("a0", step));
      tape.add(Tapes.usable("a" + step, Math.max(0, step - 1)));
      tape.add(Tapes.usable(step == 6 ? "nan" : "b" + step, 0));
      tape.get(tape.size() - 1).setMinPolicyVersion(Math.max(0, step - 1));
    }
    for (int offset = 0; offset < tape.size(); offset++) {
      learner.read(offset, tape.get(offset));
    }
  }

  private Ledger ledger() {
    return Ledger.of(journal.ledger);
  }

  private Replay replay(Trainer trainer) {
    return replay(0, trainer);
  }

  private Replay replay(long begin, Trainer trainer) {
    return new Replay(
        ledger(),
        tape(begin),
        store,
        new ReplaySettings(SETTINGS, 7),
        policy -> trainer,
        directory.resolve("check"),
        step -> {});
  }

  private Tape tape(long begin) {
    return new ListTape(tape, begin, missing);
  }

  @Test
  void aWholeRunIsVerifiedStepByStep() throws Exception {
    long last = ledger().lastStep();
    ReplayReport report = replay(new CountingTrainer()).compare(0, last);
    assertThat(report.verified()).isTrue();
    assertThat(report.compared()).isEqualTo(last + 1);
    assertThat(report.base()).isZero();
  }

  @Test
  void aReplayStartsFromTheLatestRetainedState() throws Exception {
    ReplayReport report = replay(new CountingTrainer()).compare(7, 9);
    assertThat(report.verified()).isTrue();
    assertThat(report.base()).isEqualTo(4);
    assertThat(report.compared()).isEqualTo(3);
    assertThat(report.updates()).isEqualTo(5);
  }

  @Test
  void aDamagedStateIsPassedOverForAnEarlierOne() throws Exception {
    Path blob = Path.of(java.net.URI.create(ledger().entry(4).getTrainerStateUri()));
    Files.write(blob, new byte[] {1, 2, 3});
    ReplayReport report = replay(new CountingTrainer()).compare(7, 9);
    assertThat(report.base()).isZero();
    assertThat(report.verified()).isTrue();
    assertThat(report.sentence()).contains("The trainer state of step 4 cannot be used");
  }

  @Test
  void aFlippedBitInTheLedgerIsFoundAtItsStep() throws Exception {
    LedgerEntry entry = journal.ledger.get(5);
    String hash = entry.getWeightsSha256();
    entry.setWeightsSha256((hash.charAt(0) == '0' ? '1' : '0') + hash.substring(1));
    ReplayReport report = replay(new CountingTrainer()).compare(0, 9);
    assertThat(report.verified()).isFalse();
    Divergence divergence = report.divergence().orElseThrow();
    assertThat(divergence.step()).isEqualTo(5);
    assertThat(divergence.computed()).isEqualTo(hash);
    assertThat(divergence.sentence()).contains("The environment is the same");
  }

  /** Every field of a record that a replay can know, changed as little as possible. */
  private static final Map<String, Consumer<LedgerEntry>> ALTERATIONS =
      Map.ofEntries(
          Map.entry("loss", e -> e.setLoss(Math.nextUp(e.getLoss()))),
          Map.entry("kl", e -> e.setKl(Math.nextUp(e.getKl()))),
          Map.entry("kl max", e -> e.setKlMax(Math.nextUp(e.getKlMax()))),
          Map.entry("clip low share", e -> e.setClipLowShare(Double.MIN_VALUE)),
          Map.entry("clip high share", e -> e.setClipHighShare(Double.MIN_VALUE)),
          Map.entry("ratio max", e -> e.setRatioMax(Math.nextUp(e.getRatioMax()))),
          Map.entry("gradient norm", e -> e.setGradientNorm(Math.nextUp(e.getGradientNorm()))),
          Map.entry("learning rate", e -> e.setLearningRate(Math.nextUp(e.getLearningRate()))),
          Map.entry("reward mean", e -> e.setRewardMean(Math.nextUp(e.getRewardMean()))),
          Map.entry("zero variance share", e -> e.setZeroVarianceShare(0.999)),
          Map.entry("staleness p50", e -> e.setStalenessP50(17)),
          Map.entry("staleness p95", e -> e.setStalenessP95(17)),
          Map.entry("staleness max", e -> e.setStalenessMax(17)),
          Map.entry("rollouts", e -> e.setRollouts(e.getRollouts() + 1)),
          Map.entry("tokens", e -> e.setTokens(e.getTokens() ^ 1)),
          Map.entry("seed", e -> e.setSeed(e.getSeed() ^ 1)),
          Map.entry("version in", e -> e.setVersionIn(e.getVersionIn() ^ 1)),
          Map.entry("version out", e -> e.setVersionOut(e.getVersionOut() ^ 1)),
          Map.entry("consumed groups", e -> e.setConsumedGroups(e.getConsumedGroups() ^ 1)),
          Map.entry("reason", e -> e.setReason("because")),
          Map.entry("outcome", e -> e.setOutcome(UpdateOutcome.SKIPPED_NON_FINITE)),
          Map.entry("drops", e -> e.getDrops().get(0).setReason("STALE")),
          Map.entry("groups", e -> e.getGroups().get(0).setRewardMean(0.123)),
          Map.entry("policy", e -> e.setPolicySha256("0".repeat(64))),
          Map.entry("weights", e -> e.setWeightsSha256("0".repeat(64))),
          Map.entry("trainer state", e -> e.setTrainerStateSha256("0".repeat(64))));

  @TestFactory
  Stream<DynamicTest> noAlteredFieldOfALedgerRecordIsVerified() {
    return ALTERATIONS.entrySet().stream()
        .map(
            alteration ->
                DynamicTest.dynamicTest(
                    alteration.getKey(),
                    () -> {
                      LedgerEntry whole = journal.ledger.get(4);
                      LedgerEntry altered = LedgerEntry.newBuilder(whole).build();
                      alteration.getValue().accept(altered);
                      journal.ledger.set(4, altered);
                      try {
                        ReplayReport report = replay(new CountingTrainer()).compare(0, 9);
                        assertThat(report.verified()).isFalse();
                        assertThat(report.sentence()).startsWith("NOT verified: Step 4 differs");
                        assertThat(report.divergence().orElseThrow().what())
                            .isEqualTo(alteration.getKey());
                      } finally {
                        journal.ledger.set(4, whole);
                      }
                    }));
  }

  @Test
  void anotherEnvironmentIsNamedAsTheCause() throws Exception {
    for (LedgerEntry entry : journal.ledger) {
      entry.setEnvironment(Map.of("threads", "2", "processor", "another"));
    }
    ReplayReport report = replay(new CountingTrainer(1e-12)).compare(0, 9);
    assertThat(report.divergence().orElseThrow().step()).isEqualTo(1);
    assertThat(report.divergence().orElseThrow().sentence())
        .contains("threads 2 and 1", "processor another and (none)");
  }

  @Test
  void aChangedTapeIsFoundInItsGroups() throws Exception {
    tape.set(7, Tapes.flat("a2", 1));
    ReplayReport report = replay(new CountingTrainer()).compare(0, 9);
    assertThat(report.divergence().orElseThrow().what()).isEqualTo("groups");
    assertThat(report.divergence().orElseThrow().step()).isEqualTo(3);
  }

  @Test
  void aGapInTheTapeIsAnErrorAndNeverVerified() {
    assertThatThrownBy(() -> replay(3, new CountingTrainer()).compare(1, 9))
        .isInstanceOf(TapeGapException.class)
        .hasMessageContaining("offsets 0 to 26 are needed, the topic holds 3 to 29");
  }

  @Test
  void aRecordMissingInTheMiddleOfTheTapeIsNamedByItsOffset() {
    missing.addAll(List.of(13L, 14L));
    assertThatThrownBy(() -> replay(new CountingTrainer()).compare(0, 9))
        .isInstanceOf(TapeGapException.class)
        .hasMessageContaining("offsets 13 to 14 are missing or unreadable")
        .hasMessageContaining("update 5 read them. Nothing after step 4 is verified.");
  }

  @Test
  void aRecordMissingAtTheEndOfTheTapeIsNamedByItsOffset() {
    missing.add(26L);
    assertThatThrownBy(() -> replay(new CountingTrainer()).compare(0, 9))
        .isInstanceOf(TapeGapException.class)
        .hasMessageContaining("offset 26 is missing or unreadable")
        .hasMessageContaining("update 9 read it");
  }

  @Test
  void aStepThatIsInTheLedgerTwiceWithDifferentWeightsIsRefused() {
    LedgerEntry other = LedgerEntry.newBuilder(journal.ledger.get(3)).build();
    other.setWeightsSha256("0".repeat(64));
    journal.ledger.add(other);
    assertThatThrownBy(() -> replay(new CountingTrainer()).compare(0, 9))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("holds step 3 twice");
  }

  @Test
  void theLiveTimeIsThatOfTheUpdatesAndNotOfTheTimeInBetween() throws Exception {
    for (LedgerEntry entry : journal.ledger) {
      entry.setSeconds(Map.of("waiting", 2.0, "learning", 1.0, "sample_to_gradient", 9.0));
      entry.setCreatedMs(entry.getStep() * 3_600_000);
    }
    ReplayReport report = replay(new CountingTrainer()).compare(0, 9);
    assertThat(report.liveSeconds()).isEqualTo(27);
    assertThat(report.sentence()).contains("the run took 27.0 s");
    assertThat(report.json().path("verified").asBoolean()).isTrue();
  }

  @Test
  void aStateBehindTheGapStillVerifiesLaterSteps() throws Exception {
    assertThat(replay(12, new CountingTrainer()).compare(5, 9).verified()).isTrue();
  }

  @Test
  void aMissingStepOfTheLedgerIsAnError() {
    journal.ledger.remove(3);
    assertThatThrownBy(() -> replay(new CountingTrainer()).compare(0, 9))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("lacks steps [3]");
    assertThatThrownBy(() -> replay(new CountingTrainer()).compare(0, 99))
        .hasMessageContaining("has no step 99; its ledger holds steps 0 to 10");
  }

  @Test
  void theStateOfAnyStepCanBeExportedForAFork() throws Exception {
    Path policy = Files.createDirectory(directory.resolve("policy"));
    Path state = directory.resolve("state.safetensors");
    replay(new CountingTrainer()).export(7, policy, state);
    CountingTrainer forked = new CountingTrainer();
    forked.adoptState(state);
    assertThat(forked.weightsSha256()).isEqualTo(ledger().entry(7).getWeightsSha256());
    assertThat(policy.resolve("model.safetensors")).exists();
  }

  @Test
  void aSkippedUpdateIsReplayedAsSuch() {
    assertThat(ledger().steps().values())
        .extracting(entry -> entry.getOutcome().name())
        .contains("SKIPPED_NON_FINITE");
  }

  @Test
  void twoLedgersPartAtTheirFirstDifferentHash() {
    List<LedgerEntry> other = new ArrayList<>();
    for (LedgerEntry entry : journal.ledger) {
      other.add(LedgerEntry.newBuilder(entry).build());
    }
    for (LedgerEntry entry : other.subList(4, other.size())) {
      entry.setWeightsSha256("other" + entry.getStep());
      entry.setSeed(99);
    }
    LedgerHistory left = LedgerHistory.of(ledger(), name -> Optional.empty());
    LedgerDiff diff =
        LedgerDiff.of(left, LedgerHistory.of(Ledger.of(other), name -> Optional.empty()));
    assertThat(diff.commonSteps()).isEqualTo(4);
    assertThat(diff.parting()).contains(4L);
    assertThat(diff.reasons()).containsExactly("seeds 7 and 99");
    assertThat(LedgerDiff.of(left, left).parting()).isEmpty();
  }
}
