package io.couplet.advantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.advantage.AssemblyEvent.RolloutRefused;
import io.couplet.advantage.NaiveAssembly.Account;
import io.couplet.advantage.NaiveAssembly.Closing;
import io.couplet.advantage.NaiveAssembly.Counted;
import io.couplet.advantage.NaiveAssembly.Happening;
import io.couplet.advantage.NaiveAssembly.Member;
import io.couplet.advantage.NaiveAssembly.Moment;
import io.couplet.advantage.state.HeldReward;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Group;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The assembly of groups against {@link NaiveAssembly}, after every event, in random histories:
 * rollouts and rewards in any order, twice, late, failed, of other versions or sizes, with values
 * that are none; sources that come, go and change; time that passes; restarts.
 */
class GroupAssemblyModelProperties {
  private static final int EVENTS = 45;

  /** All deadlines are multiples of it. */
  private static final long TICK = 50;

  private static final Double[] VALUES = {0.0, 0.25, 1.0, -10.0, null, Double.NaN, 11.0};

  /** The assembly, and what has happened to it. */
  private static final class Run {
    final Random random;
    final IncompleteGroups incomplete;
    final int size;
    final AssemblyFixture fixture;
    final List<Moment> history = new ArrayList<>();
    long time;

    Run(long seed, IncompleteGroups incomplete) {
      random = new Random(seed);
      this.incomplete = incomplete;
      size = 2 + random.nextInt(3);
      fixture = new AssemblyFixture(incomplete);
    }

    void happen(Happening what) {
      history.add(new Moment(time, what));
    }

    void announce(String name, double weight, boolean required, long deadlineMs) {
      fixture.source(name, weight, required, deadlineMs);
      happen(new Happening.Announced(fixture.registry.get(name)));
    }

    void withdraw(String name) {
      fixture.registry.remove(name);
      happen(new Happening.Withdrawn(name));
    }

    void pass(int ticks) throws Exception {
      for (int i = 0; i < ticks; i++) {
        time += TICK;
        happen(new Happening.Ticked());
        fixture.advance(TICK);
      }
    }

    void restart() throws Exception {
      happen(new Happening.Restarted());
      fixture.restart(random.nextInt(100_000));
    }

    void rollout() throws Exception {
      int member = random.nextInt(size);
      Rollout rollout =
          random.nextInt(7) == 0
              ? AssemblyFixture.failed(member, size)
              : AssemblyFixture.completion(member, size, 3 + random.nextInt(2));
      switch (random.nextInt(25)) {
        case 0 -> rollout.setGroupSize(Integer.MAX_VALUE);
        case 1 -> rollout.setGroupSize(1 + random.nextInt(5));
        case 2 -> rollout.setMember(random.nextBoolean() ? -1 : Integer.MAX_VALUE);
        case 3 -> rollout.setGroupSize(random.nextBoolean() ? 0 : Integer.MIN_VALUE);
        default -> {}
      }
      happen(new Happening.Came(rollout));
      fixture.deliver(rollout);
    }

    void reward() throws Exception {
      int member = random.nextInt(20) == 0 ? random.nextInt(9) - 2 : random.nextInt(size);
      String source = List.of("a", "b", "c", "gossip").get(pick(8, 8, 4, 1));
      Double value = VALUES[pick(6, 6, 6, 6, 1, 1, 1)];
      Long version = random.nextInt(3) > 0 ? null : Long.valueOf(3 + random.nextInt(2));
      HeldReward reward = AssemblyFixture.reward(source, value, version);
      happen(new Happening.Spoke(member, reward));
      fixture.deliver(member, reward);
    }

    private int pick(int... weights) {
      int at = random.nextInt(java.util.Arrays.stream(weights).sum());
      int index = 0;
      while (at >= weights[index]) {
        at -= weights[index++];
      }
      return index;
    }

    void next() throws Exception {
      switch (pick(10, 14, 3, 1, 1, 1, 1)) {
        case 0 -> rollout();
        case 1 -> reward();
        case 2 -> pass(1 + random.nextInt(4));
        case 3 -> pass(8 + random.nextInt(16));
        case 4 -> restart();
        case 5 -> withdraw(random.nextBoolean() ? "b" : "c");
        default -> announce("c", 4, random.nextBoolean(), 100);
      }
    }

    void hold() {
      Account expected = NaiveAssembly.account(incomplete, history);
      assertThat(fixture.closed().stream().map(Run::closing).toList()).isEqualTo(expected.closed);
      assertThat(fixture.counts()).isEqualTo(expected.counts);
      assertThat(fixture.of(RewardRefused.class)).hasSize(expected.refusedRewards);
      assertThat(fixture.of(RolloutRefused.class)).hasSize(expected.refusedRollouts);
    }

    private static Closing closing(Group group) {
      return new Closing(
          group.getStatus(),
          group.getDropReason(),
          group.getMembers().stream()
              .map(
                  member ->
                      new Member(
                          member.getMember(),
                          member.getReward(),
                          member.getRewards().stream()
                              .map(
                                  r ->
                                      new Counted(
                                          r.getSource(), r.getValue(), r.getReason() != null))
                              .toList()))
              .toList(),
          group.getMinPolicyVersion(),
          group.getMaxPolicyVersion());
    }
  }

  @Property(tries = 400)
  void whatComesOfAGroupIsWhatItsWholeHistoryGives(
      @ForAll long seed, @ForAll IncompleteGroups incomplete) throws Exception {
    Run run = new Run(seed, incomplete);
    if (run.random.nextInt(10) > 0) {
      run.announce("a", 2, run.random.nextInt(4) > 0, 300);
      run.announce("b", 1, run.random.nextBoolean(), 600);
    }
    for (int event = 0; event < EVENTS; event++) {
      run.next();
      run.hold();
    }
    run.pass((int) ((AssemblyFixture.HELD + AssemblyFixture.MEMBER_DEADLINE + 1_000) / TICK));
    run.hold();
  }
}
