package io.couplet.advantage;

import io.couplet.advantage.AssemblyEvent.Closed;
import io.couplet.advantage.AssemblyEvent.Noted;
import io.couplet.advantage.AssemblyEvent.WakeAt;
import io.couplet.advantage.state.HeldReward;
import io.couplet.config.AdvantageKind;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Completion;
import io.couplet.schemas.Decoding;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GenerationFailureReason;
import io.couplet.schemas.GenerationTimings;
import io.couplet.schemas.Group;
import io.couplet.schemas.Problem;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.StopReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One group being assembled under a clock that the test turns. */
final class AssemblyFixture {
  static final String GROUP = "p1@0";
  static final int MOST_MEMBERS = 16;
  static final long MEMBER_DEADLINE = 1_000;
  static final long HELD = 1_000;
  static final long REMEMBER = 100_000;

  final InMemoryGroupStore store = new InMemoryGroupStore();
  final Map<String, RewardSource> registry = new TreeMap<>();
  final List<AssemblyEvent> events = new ArrayList<>();
  private final GroupAssembly assembly;
  private long incarnation = 1;
  private long now;
  private long wake = Long.MAX_VALUE;

  AssemblyFixture(IncompleteGroups incomplete) {
    assembly =
        new GroupAssembly(
            new AssemblyRules(
                MOST_MEMBERS,
                incomplete,
                MEMBER_DEADLINE,
                HELD,
                REMEMBER,
                AdvantageKind.MEAN,
                false),
            AssemblyFixture::centred);
  }

  static float[] centred(double[] rewards) {
    double mean = java.util.Arrays.stream(rewards).average().orElseThrow();
    float[] advantages = new float[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      advantages[i] = (float) (rewards[i] - mean);
    }
    return advantages;
  }

  AssemblyFixture source(String name, double weight, boolean required, long deadlineMs) {
    registry.put(name, new RewardSource(name, weight, required, deadlineMs, -10.0, 10.0));
    return this;
  }

  AssemblyFixture rollout(int member, int size) throws Exception {
    return deliver(completion(member, size, 3));
  }

  AssemblyFixture failure(int member, int size) throws Exception {
    return deliver(failed(member, size));
  }

  AssemblyFixture deliver(Rollout rollout) throws Exception {
    apply(assembly.rollout(store, rollout, registry, time(), 7));
    return this;
  }

  AssemblyFixture reward(int member, String source, Double value) throws Exception {
    return deliver(member, reward(source, value, null));
  }

  AssemblyFixture deliver(int member, HeldReward reward) throws Exception {
    apply(assembly.reward(store, GROUP, member, reward, registry, time(), 7));
    return this;
  }

  /** Lets time pass, waking the assembly whenever it asked for it. */
  AssemblyFixture advance(long millis) throws Exception {
    long until = now + millis;
    while (wake <= until) {
      now = Math.max(now, wake);
      wake = Long.MAX_VALUE;
      apply(assembly.wake(store, time(), 7));
    }
    now = until;
    return this;
  }

  /** Another operator with a clock of its own takes over the stored state. */
  AssemblyFixture restart(long origin) throws Exception {
    incarnation++;
    now = origin;
    wake = Long.MAX_VALUE;
    apply(assembly.wake(store, time(), 7));
    return this;
  }

  private SteadyTime time() {
    return new SteadyTime(incarnation, now);
  }

  private void apply(List<AssemblyEvent> more) {
    events.addAll(more);
    for (AssemblyEvent event : more) {
      if (event instanceof WakeAt wakeAt) {
        wake = Math.min(wake, wakeAt.steadyMillis());
      }
    }
  }

  List<Group> closed() {
    return of(Closed.class).stream().map(Closed::group).toList();
  }

  Group group() {
    List<Group> closed = closed();
    if (closed.size() != 1) {
      throw new AssertionError("Expected one closed group, found " + closed.size());
    }
    return closed.get(0);
  }

  <E extends AssemblyEvent> List<E> of(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  Map<Occurrence, Integer> counts() {
    Map<Occurrence, Integer> counts = new EnumMap<>(Occurrence.class);
    of(Noted.class).forEach(noted -> counts.merge(noted.occurrence(), 1, Integer::sum));
    return counts;
  }

  static HeldReward reward(String source, Double value, Long version) {
    return HeldReward.newBuilder()
        .setSource(source)
        .setValue(value)
        .setReason(value == null ? "INFRASTRUCTURE" : null)
        .setPolicyVersion(version)
        .build();
  }

  static Rollout completion(int member, int size, long version) {
    return rollout(member, size, version)
        .setOutcome(
            Completion.newBuilder()
                .setPromptText("def f():")
                .setText("pass")
                .setPromptIds(List.of(1, 2))
                .setCompletionIds(List.of(3, 4, member))
                .setStepMap(List.of(0, 1, 2))
                .setConfidences(List.of(1f, 1f, 1f))
                .setBehaviourScores(List.of(List.of(-1f, -1f, -1f)))
                .setStopReason(StopReason.LENGTH)
                .setSeed("s")
                .setDecoding(new Decoding("entropy", "dream", 3, 3, 1f, 1f, 0, 0f))
                .setTimings(new GenerationTimings(0.0, 0.0, 0.0, 3, 0L))
                .build())
        .build();
  }

  static Rollout failed(int member, int size) {
    return rollout(member, size, 3)
        .setOutcome(new GenerationFailure(GenerationFailureReason.DEADLINE, "too slow"))
        .build();
  }

  private static Rollout.Builder rollout(int member, int size, long version) {
    return Rollout.newBuilder()
        .setRun("r")
        .setGroup(GROUP)
        .setSequence(11)
        .setEpoch(0)
        .setMember(member)
        .setGroupSize(size)
        .setProblem(
            Problem.newBuilder().setId("p1").setPrompt("def f():").setTests(List.of()).build())
        .setPolicyVersion(version)
        .setPolicySha256("aa");
  }
}
