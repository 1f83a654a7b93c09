package io.couplet.advantage;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.advantage.AssemblyEvent.RewardRefused;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.SourceReward;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories of one group lead to what the rules state. */
class GroupAssemblyProperties {
  private static final Set<Occurrence> REWARD_FATES =
      EnumSet.of(
          Occurrence.REWARD,
          Occurrence.DUPLICATE_REWARD,
          Occurrence.LATE_REWARD,
          Occurrence.SOURCE_NOT_IN_FORCE,
          Occurrence.OTHER_VERSION,
          Occurrence.WITHOUT_SAMPLE,
          Occurrence.NO_VALUE,
          Occurrence.INVALID_VALUE,
          Occurrence.ORPHAN);

  private interface Step {
    void on(AssemblyFixture fixture) throws Exception;
  }

  /** A history: members, two required sources and an optional one, with faults drawn at random. */
  private static final class History {
    final Random random;
    final int size;
    final boolean[] fails;
    final Map<String, Double[]> values = new HashMap<>();
    final List<Step> steps = new ArrayList<>();
    int rewards;

    History(long seed, boolean faulty) {
      random = new Random(seed);
      size = 2 + random.nextInt(4);
      fails = new boolean[size];
      for (int m = 0; m < size; m++) {
        fails[m] = faulty && random.nextInt(6) == 0;
        int member = m;
        repeat(f -> f.deliver(fails[member] ? failed(member) : completed(member)));
      }
      for (String source : List.of("a", "b", "optional")) {
        Double[] said = new Double[size];
        for (int m = 0; m < size; m++) {
          int member = m;
          int fate = faulty ? random.nextInt(12) : 12;
          said[m] = fate == 0 ? null : fate == 1 ? Double.NaN : random.nextInt(5) / 4.0;
          boolean absent = fate == 2 || (source.equals("optional") && random.nextBoolean());
          Double value = said[m];
          if (absent) {
            said[m] = null;
          } else {
            rewards += repeat(f -> f.reward(member, source, value));
          }
        }
        values.put(source, said);
      }
      Collections.shuffle(steps, random);
    }

    private io.couplet.schemas.Rollout completed(int member) {
      return AssemblyFixture.completion(member, size, 3);
    }

    private io.couplet.schemas.Rollout failed(int member) {
      return AssemblyFixture.failed(member, size);
    }

    private int repeat(Step step) {
      int times = 1 + (random.nextInt(3) == 0 ? 1 : 0);
      steps.addAll(Collections.nCopies(times, step));
      return times;
    }

    AssemblyFixture play(IncompleteGroups incomplete, Step between) throws Exception {
      AssemblyFixture fixture = new AssemblyFixture(incomplete);
      fixture.source("a", 2, true, 300).source("b", 1, true, 600);
      fixture.source("optional", 4, false, 200);
      for (Step step : steps) {
        step.on(fixture);
        between.on(fixture);
      }
      return fixture;
    }

    boolean isComplete(int member) {
      return !fails[member] && isValue("a", member) && isValue("b", member);
    }

    private boolean isValue(String source, int member) {
      Double value = values.get(source)[member];
      return value != null && !value.isNaN();
    }
  }

  @Property(tries = 400)
  void withoutFaultsAnyOrderWithDuplicatesAndRestartsGivesTheSameGroup(@ForAll long seed)
      throws Exception {
    History history = new History(seed, false);
    AssemblyFixture fixture =
        history.play(
            IncompleteGroups.DROP,
            f -> {
              if (history.random.nextInt(4) == 0) {
                f.restart(history.random.nextInt(10_000));
              }
            });
    Group group = fixture.group();
    assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
    for (GroupMember member : group.getMembers()) {
      double required =
          2 * history.values.get("a")[member.getMember()]
              + history.values.get("b")[member.getMember()];
      Double optional = history.values.get("optional")[member.getMember()];
      assertThat(member.getReward())
          .isIn(required, required + 4 * (optional == null ? 0 : optional));
    }
  }

  @Property(tries = 400)
  void withoutDeadlinesExactlyTheCompleteMembersTakePart(@ForAll long seed) throws Exception {
    History history = new History(seed, true);
    List<Integer> complete = new ArrayList<>();
    for (int m = 0; m < history.size; m++) {
      if (history.isComplete(m)) {
        complete.add(m);
      }
    }
    AssemblyFixture partial = history.play(IncompleteGroups.PARTIAL, f -> {});
    partial.advance(2_000);
    Group kept = partial.group();
    if (complete.size() < 2) {
      assertThat(kept.getStatus()).isEqualTo(GroupStatus.DROPPED);
    } else {
      assertThat(kept.getMembers())
          .extracting(GroupMember::getMember)
          .containsExactlyElementsOf(complete);
    }
    AssemblyFixture drop = history.play(IncompleteGroups.DROP, f -> {});
    drop.advance(2_000);
    assertThat(drop.group().getStatus())
        .isEqualTo(complete.size() == history.size ? GroupStatus.COMPLETE : GroupStatus.DROPPED);
  }

  @Property(tries = 400)
  void everyGroupClosesOnceNoRewardIsInventedAndNoneVanishes(
      @ForAll long seed, @ForAll IncompleteGroups incomplete) throws Exception {
    History history = new History(seed, true);
    AssemblyFixture fixture =
        history.play(
            incomplete,
            f -> {
              switch (history.random.nextInt(6)) {
                case 0 -> f.advance(history.random.nextInt(400));
                case 1 -> f.restart(history.random.nextInt(10_000));
                case 2 -> f.registry.remove("b");
                case 3 -> f.source("c", 1, true, 100);
                default -> {}
              }
            });
    fixture.advance(AssemblyFixture.HELD + AssemblyFixture.MEMBER_DEADLINE + 1_000);

    Group group = fixture.group();
    Set<String> inForce = new HashSet<>();
    group.getSources().forEach(source -> inForce.add(source.getName()));
    for (GroupMember member : group.getMembers()) {
      assertThat(history.fails[member.getMember()]).isFalse();
      for (SourceReward reward : member.getRewards()) {
        assertThat(inForce).contains(reward.getSource());
        if (reward.getValue() != null) {
          assertThat(history.values.get(reward.getSource())[member.getMember()])
              .isEqualTo(reward.getValue());
        }
      }
    }
    long fates =
        fixture.counts().entrySet().stream()
            .filter(entry -> REWARD_FATES.contains(entry.getKey()))
            .mapToInt(Map.Entry::getValue)
            .sum();
    assertThat(fates).isEqualTo(history.rewards);
    assertThat(fixture.of(RewardRefused.class).size()).isLessThanOrEqualTo(history.rewards);
  }
}
