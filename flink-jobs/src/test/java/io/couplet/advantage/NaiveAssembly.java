package io.couplet.advantage;

import io.couplet.advantage.state.HeldReward;
import io.couplet.config.IncompleteGroups;
import io.couplet.schemas.Completion;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The rules of assembly once more, in the simplest way: from the whole history of one group to what
 * has come of it, every question answered by going through the history again. What {@link
 * GroupAssembly} does is held against this.
 *
 * <p>Closed groups are taken as remembered for ever.
 */
final class NaiveAssembly {
  /** What happens. */
  sealed interface Happening {
    record Came(Rollout rollout) implements Happening {}

    record Spoke(int member, HeldReward reward) implements Happening {}

    record Announced(RewardSource source) implements Happening {}

    record Withdrawn(String source) implements Happening {}

    record Restarted() implements Happening {}

    /** Time has come to this point. */
    record Ticked() implements Happening {}
  }

  /**
   * @param time of a clock that restarts do not set back, milliseconds
   */
  record Moment(long time, Happening what) {}

  /** A reward of a member in a closed group; the reason says only whether there is one. */
  record Counted(String source, Double value, boolean reason) {}

  record Member(int member, double reward, List<Counted> rewards) {}

  record Closing(
      GroupStatus status, String dropReason, List<Member> members, long oldest, long newest) {}

  /** All that has come of a history. */
  static final class Account {
    final List<Closing> closed = new ArrayList<>();
    final Map<Occurrence, Integer> counts = new EnumMap<>(Occurrence.class);
    int refusedRewards;
    int refusedRollouts;

    void count(Occurrence occurrence) {
      counts.merge(occurrence, 1, Integer::sum);
    }
  }

  private final IncompleteGroups incomplete;
  private final List<Moment> history;
  private final Account account = new Account();

  private NaiveAssembly(IncompleteGroups incomplete, List<Moment> history) {
    this.incomplete = incomplete;
    this.history = history;
  }

  static Account account(IncompleteGroups incomplete, List<Moment> history) {
    NaiveAssembly assembly = new NaiveAssembly(incomplete, history);
    int from = 0;
    while (from < history.size()) {
      from = assembly.life(from);
    }
    return assembly.account;
  }

  // ---- asking the history

  private Optional<Rollout> rollout(int at) {
    return history.get(at).what() instanceof Happening.Came came
        ? Optional.of(came.rollout())
        : Optional.empty();
  }

  private Optional<Happening.Spoke> reward(int at) {
    return history.get(at).what() instanceof Happening.Spoke spoke
        ? Optional.of(spoke)
        : Optional.empty();
  }

  private boolean isPossibleReward(int at) {
    return reward(at).filter(spoke -> spoke.member() >= 0).isPresent();
  }

  private boolean isPossible(Rollout rollout) {
    return rollout.getGroupSize() >= 1
        && rollout.getGroupSize() <= AssemblyFixture.MOST_MEMBERS
        && rollout.getMember() >= 0
        && rollout.getMember() < rollout.getGroupSize();
  }

  /** A wait since some moment is over at the first tick so long after it or after a restart. */
  private boolean over(int since, long wait, int at) {
    if (!(history.get(at).what() instanceof Happening.Ticked) || at <= since) {
      return false;
    }
    long from = history.get(since).time();
    for (int i = since; i < at; i++) {
      if (history.get(i).what() instanceof Happening.Restarted) {
        from = Math.max(from, history.get(i).time());
      }
    }
    return history.get(at).time() >= from + wait;
  }

  private Map<String, RewardSource> registry(int at) {
    Map<String, RewardSource> sources = new TreeMap<>();
    for (int i = 0; i <= at; i++) {
      if (history.get(i).what() instanceof Happening.Announced announced) {
        sources.put(announced.source().getName(), announced.source());
      } else if (history.get(i).what() instanceof Happening.Withdrawn withdrawn) {
        sources.remove(withdrawn.source());
      }
    }
    return sources;
  }

  // ---- a life: from the first word about the group until it is forgotten

  /** Returns where the next life may begin. */
  private int life(int from) {
    int first = from;
    for (; first < history.size(); first++) {
      if (isPossibleReward(first) || rollout(first).filter(this::isPossible).isPresent()) {
        break;
      }
      refuse(first);
    }
    if (first == history.size()) {
      return first;
    }
    Set<List<Object>> words = new HashSet<>();
    List<Integer> held = new ArrayList<>();
    for (int at = first; at < history.size(); at++) {
      if (rollout(at).filter(this::isPossible).isPresent()) {
        account.count(Occurrence.OPENED);
        new Open(at, held).tell();
        return history.size();
      }
      if (isPossibleReward(at)) {
        if (words.add(word(reward(at).get()))) {
          held.add(at);
        } else {
          account.count(Occurrence.DUPLICATE_REWARD);
        }
      } else if (over(first, AssemblyFixture.HELD, at)) {
        held.forEach(
            orphan -> {
              account.count(Occurrence.ORPHAN);
              account.refusedRewards++;
            });
        return at + 1;
      } else {
        refuse(at);
      }
    }
    return history.size();
  }

  private void refuse(int at) {
    account.refusedRewards += reward(at).isPresent() ? 1 : 0;
    account.refusedRollouts += rollout(at).isPresent() ? 1 : 0;
  }

  private static List<Object> word(Happening.Spoke spoke) {
    return java.util.Arrays.asList(
        spoke.member(), spoke.reward().getSource(), spoke.reward().getPolicyVersion());
  }

  /** What a source has said about a member, and when it came to count. */
  private record Said(int at, int member, String source, Double value) {}

  /** Why the group is not whole, and when that was so. */
  private record Lack(int at, String reason) {}

  private final class Open {
    final int opened;
    final List<Integer> held;
    final int size;
    final Map<String, RewardSource> sources;
    final Map<Integer, Integer> arrivals = new TreeMap<>();
    final int missingAt;
    final int allPresentAt;
    final List<Said> said = new ArrayList<>();
    final int closedAt;

    Open(int opened, List<Integer> held) {
      this.opened = opened;
      this.held = held;
      size = rollout(opened).orElseThrow().getGroupSize();
      sources = registry(opened);
      missingAt = missingAt();
      for (int at = opened; at < missingAt; at++) {
        if (fits(at)) {
          arrivals.putIfAbsent(rollout(at).get().getMember(), at);
        }
      }
      allPresentAt =
          arrivals.size() == size
              ? arrivals.values().stream().mapToInt(Integer::intValue).max().orElseThrow()
              : missingAt;
      hear();
      closedAt =
          IntStream.range(allPresentAt, history.size())
              .filter(this::nothingIsWorthWaitingFor)
              .findFirst()
              .orElse(history.size());
    }

    boolean fits(int at) {
      return rollout(at).filter(r -> isPossible(r) && r.getGroupSize() == size).isPresent();
    }

    int missingAt() {
      Set<Integer> here = new HashSet<>();
      for (int at = opened; at < history.size(); at++) {
        if (fits(at)) {
          here.add(rollout(at).get().getMember());
        }
        if (here.size() == size) {
          return history.size();
        }
        if (over(opened, AssemblyFixture.MEMBER_DEADLINE, at)) {
          return at;
        }
      }
      return history.size();
    }

    boolean hasSample(int member) {
      return arrivals.containsKey(member)
          && rollout(arrivals.get(member)).get().getOutcome() instanceof Completion;
    }

    List<Integer> samples(int at) {
      return arrivals.keySet().stream().filter(m -> hasSample(m) && arrivals.get(m) <= at).toList();
    }

    // -- what the sources said that counts, in the order in which it came to count

    /** Words about a member that had not come yet count when it comes. */
    List<Integer> wordsAbout(int member) {
      int arrival = arrivals.getOrDefault(member, history.size());
      List<Integer> words = new ArrayList<>();
      Set<List<Object>> known = new HashSet<>();
      for (int at : held) {
        if (reward(at).get().member() == member) {
          words.add(at);
          known.add(word(reward(at).get()));
        }
      }
      for (int at = opened + 1; at < history.size(); at++) {
        Happening.Spoke spoke = reward(at).orElse(null);
        if (spoke == null
            || spoke.member() != member
            || !sources.containsKey(spoke.reward().getSource())) {
          continue;
        }
        if (at > arrival || known.add(word(spoke))) {
          words.add(at);
        }
      }
      return words;
    }

    void hear() {
      for (int member : arrivals.keySet()) {
        if (!hasSample(member)) {
          continue;
        }
        int arrival = arrivals.get(member);
        Set<String> heard = new HashSet<>();
        for (int at : wordsAbout(member)) {
          HeldReward reward = reward(at).get().reward();
          RewardSource source = sources.get(reward.getSource());
          if (source != null && isMeant(reward, member) && heard.add(reward.getSource())) {
            said.add(
                new Said(Math.max(at, arrival), member, source.getName(), valid(reward, source)));
          }
        }
      }
    }

    boolean isMeant(HeldReward reward, int member) {
      return reward.getPolicyVersion() == null
          || reward.getPolicyVersion() == rollout(arrivals.get(member)).get().getPolicyVersion();
    }

    Double valid(HeldReward reward, RewardSource source) {
      Double value = reward.getValue();
      boolean inRange =
          value != null && value >= source.getMinimum() && value <= source.getMaximum();
      return inRange ? value : null;
    }

    Optional<Said> answer(int member, String source, int at) {
      return said.stream()
          .filter(s -> s.member() == member && s.source().equals(source) && s.at() <= at)
          .findFirst();
    }

    // -- closing

    List<RewardSource> holding() {
      List<RewardSource> required =
          sources.values().stream().filter(RewardSource::getRequired).toList();
      return required.isEmpty() ? List.copyOf(sources.values()) : required;
    }

    boolean hasSpoken(RewardSource source, int at) {
      return samples(at).stream().allMatch(m -> answer(m, source.getName(), at).isPresent());
    }

    /** When a source's time was over before it had spoken about every sample. */
    int expiredAt(RewardSource source) {
      for (int at = allPresentAt + 1; at < history.size(); at++) {
        if (hasSpoken(source, at)) {
          return history.size();
        }
        if (over(allPresentAt, source.getDeadlineMs(), at)) {
          return at;
        }
      }
      return history.size();
    }

    Optional<String> lack(int until) {
      List<Lack> lacks = new ArrayList<>();
      for (Map.Entry<Integer, Integer> arrival : arrivals.entrySet()) {
        if (rollout(arrival.getValue()).get().getOutcome() instanceof GenerationFailure failure) {
          lacks.add(new Lack(arrival.getValue(), "GENERATION_FAILED:" + failure.getReason()));
        }
      }
      if (missingAt < history.size()) {
        lacks.add(new Lack(missingAt, GroupAssembly.MISSING));
      }
      for (Said one : said) {
        if (one.value() == null && sources.get(one.source()).getRequired()) {
          lacks.add(new Lack(one.at(), "NO_VALUE:" + one.source()));
        }
      }
      for (RewardSource source : holding()) {
        if (source.getRequired() && expiredAt(source) < history.size()) {
          lacks.add(new Lack(expiredAt(source), "DEADLINE:" + source.getName()));
        }
      }
      return lacks.stream()
          .filter(lack -> lack.at() <= until)
          .min(java.util.Comparator.comparingInt(Lack::at))
          .map(Lack::reason);
    }

    boolean nothingIsWorthWaitingFor(int at) {
      boolean doomed = incomplete == IncompleteGroups.DROP && lack(at).isPresent();
      return doomed
          || holding().stream()
              .allMatch(source -> hasSpoken(source, at) || expiredAt(source) <= at);
    }

    Closing close() {
      List<Integer> taking =
          samples(closedAt).stream()
              .filter(
                  m ->
                      sources.values().stream()
                          .allMatch(s -> !s.getRequired() || value(m, s.getName()) != null))
              .toList();
      List<RewardSource> counted =
          sources.values().stream()
              .filter(s -> taking.stream().allMatch(m -> value(m, s.getName()) != null))
              .toList();
      String lack = lack(closedAt).orElse(null);
      String reason = null;
      if (sources.isEmpty()) {
        reason = "NO_SOURCES";
      } else if (taking.size() < size && incomplete == IncompleteGroups.DROP) {
        reason = lack;
      } else if (taking.size() < 2) {
        reason = "TOO_FEW_MEMBERS" + (lack == null ? "" : ":" + lack);
      } else if (counted.isEmpty()) {
        reason = "NO_REWARDS";
      }
      List<Integer> seen =
          reason == null ? taking : List.copyOf(arrivals.keySet()); // of a dropped one: of all
      List<Long> versions =
          seen.stream().map(m -> rollout(arrivals.get(m)).get().getPolicyVersion()).toList();
      return new Closing(
          reason != null
              ? GroupStatus.DROPPED
              : taking.size() == size ? GroupStatus.COMPLETE : GroupStatus.PARTIAL,
          reason,
          reason != null ? List.of() : taking.stream().map(m -> member(m, counted)).toList(),
          versions.stream().min(Long::compare).orElseThrow(),
          versions.stream().max(Long::compare).orElseThrow());
    }

    Double value(int member, String source) {
      return answer(member, source, closedAt).map(Said::value).orElse(null);
    }

    Member member(int member, List<RewardSource> counted) {
      double sum = 0;
      List<Counted> rewards = new ArrayList<>();
      for (RewardSource source : sources.values()) {
        Double value = value(member, source.getName());
        boolean counts = counted.contains(source);
        sum += counts ? source.getWeight() * value : 0;
        rewards.add(new Counted(source.getName(), value, !counts));
      }
      return new Member(member, sum, rewards);
    }

    // -- counting

    void tell() {
      for (int at = opened; at < history.size(); at++) {
        if (rollout(at).isPresent()) {
          tellRollout(at, rollout(at).get());
        }
      }
      for (int at : held) {
        if (reward(at).get().member() >= size) {
          account.refusedRewards++;
        }
      }
      for (int at = opened + 1; at < history.size(); at++) {
        if (reward(at).isPresent()) {
          int member = reward(at).get().member();
          if (member < 0 || member >= size) {
            account.refusedRewards++;
          } else {
            tellUnknownSource(at, at);
          }
        }
      }
      for (int member = 0; member < size; member++) {
        tellRewards(member);
      }
      if (closedAt < history.size()) {
        account.closed.add(close());
      }
    }

    void tellRollout(int at, Rollout rollout) {
      if (!fits(at)) {
        account.refusedRollouts++;
      } else if (!arrivals.containsKey(rollout.getMember())) {
        account.count(Occurrence.LATE_ROLLOUT);
      } else if (arrivals.get(rollout.getMember()) != at) {
        account.count(Occurrence.DUPLICATE_ROLLOUT);
      }
    }

    /**
     * @param when the registry is asked
     */
    boolean tellUnknownSource(int at, int when) {
      String source = reward(at).get().reward().getSource();
      if (sources.containsKey(source)) {
        return false;
      }
      account.count(Occurrence.SOURCE_NOT_IN_FORCE);
      account.refusedRewards += registry(when).containsKey(source) ? 0 : 1;
      return true;
    }

    void tellRewards(int member) {
      int present = arrivals.getOrDefault(member, missingAt);
      Set<List<Object>> waiting = new HashSet<>();
      for (int at : held) {
        if (reward(at).get().member() == member) {
          waiting.add(word(reward(at).get()));
          tellReward(at, member, Math.max(at, present));
        }
      }
      for (int at = opened + 1; at < history.size(); at++) {
        Happening.Spoke spoke = reward(at).orElse(null);
        if (spoke == null
            || spoke.member() != member
            || !sources.containsKey(spoke.reward().getSource())) {
          continue;
        }
        if (at < present && !waiting.add(word(spoke))) {
          account.count(Occurrence.DUPLICATE_REWARD);
        } else {
          tellReward(at, member, Math.max(at, present));
        }
      }
    }

    /** The fate of a reward, decided at a moment, if that has come. */
    void tellReward(int at, int member, int when) {
      HeldReward reward = reward(at).get().reward();
      RewardSource source = sources.get(reward.getSource());
      if (when > closedAt) {
        account.count(
            answer(member, reward.getSource(), closedAt).isPresent()
                ? Occurrence.DUPLICATE_REWARD
                : Occurrence.LATE_REWARD);
      } else if (hasSample(member)) {
        if (at < opened && tellUnknownSource(at, when)) {
          return;
        }
        tellJudgement(at, member, reward, source);
      } else if (arrivals.containsKey(member) || at > missingAt) {
        account.count(Occurrence.WITHOUT_SAMPLE);
      } else if (closedAt < history.size()) {
        account.count(Occurrence.WITHOUT_SAMPLE); // held until the group closed
      }
    }

    void tellJudgement(int at, int member, HeldReward reward, RewardSource source) {
      int first =
          wordsAbout(member).stream()
              .filter(
                  i ->
                      reward(i).get().reward().getSource().equals(reward.getSource())
                          && isMeant(reward(i).get().reward(), member))
              .findFirst()
              .orElse(-1);
      if (!isMeant(reward, member)) {
        account.count(Occurrence.OTHER_VERSION);
      } else if (first != at) {
        account.count(Occurrence.DUPLICATE_REWARD);
      } else if (reward.getValue() == null) {
        account.count(Occurrence.NO_VALUE);
      } else if (valid(reward, source) == null) {
        account.count(Occurrence.INVALID_VALUE);
        account.refusedRewards++;
      } else {
        account.count(Occurrence.REWARD);
      }
    }
  }
}
