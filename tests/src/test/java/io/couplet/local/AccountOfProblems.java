package io.couplet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.schemas.Group;
import io.couplet.schemas.LedgerDrop;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where each problem of a run that visits each once has gone. */
final class AccountOfProblems {
  /** Why a group may be left out that nothing is wrong with. */
  private static final Set<String> HARMLESS = Set.of("ZERO_VARIANCE", "STALE");

  private final List<Group> tape;
  private final List<Rollout> rollouts;
  private final Map<String, String> drops = new HashMap<>();
  private final Set<String> trained = new HashSet<>();
  private final Map<String, String> expected = new HashMap<>();

  AccountOfProblems(List<Group> tape, List<LedgerEntry> ledger, List<Rollout> rollouts) {
    this.tape = tape;
    this.rollouts = rollouts;
    for (LedgerEntry entry : ledger) {
      for (LedgerGroup group : entry.getGroups()) {
        assertThat(trained.add(group.getGroup())).as("%s is used once", group).isTrue();
      }
      for (LedgerDrop drop : entry.getDrops()) {
        assertThat(drops.put(drop.getGroup(), drop.getReason())).as("%s", drop).isNull();
      }
    }
  }

  /** A group that must be left out, for a reason that begins like that. */
  AccountOfProblems dropped(String group, String reason) {
    expected.put(group, reason);
    return this;
  }

  /**
   * Each good group came once, with all its members; the settled ones were used or left out for a
   * reason, the others may still be queued. There is nothing beside them but what must be left out.
   *
   * @param settled how many of the good groups the ledger must know
   */
  void require(List<String> good, int settled) {
    Set<String> wanted = new HashSet<>(good);
    wanted.addAll(expected.keySet());
    List<String> came = tape.stream().map(Group::getGroup).toList();
    assertThat(came).containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(rollouts.stream().map(each -> each.getGroup() + "/" + each.getMember()))
        .doesNotHaveDuplicates()
        .hasSize(wanted.size() * 4);
    expected.forEach((group, reason) -> assertThat(drops.get(group)).as(group).startsWith(reason));
    assertThat(trained).isSubsetOf(good).doesNotContainAnyElementsOf(expected.keySet());
    Map<String, String> others = new HashMap<>(drops);
    others.keySet().removeAll(expected.keySet());
    assertThat(HARMLESS).containsAll(others.values().stream().collect(Collectors.toSet()));
    List<String> unknown = new ArrayList<>(good.subList(0, settled));
    unknown.removeAll(trained);
    unknown.removeAll(drops.keySet());
    assertThat(unknown).as("groups that nobody knows of").isEmpty();
  }
}
