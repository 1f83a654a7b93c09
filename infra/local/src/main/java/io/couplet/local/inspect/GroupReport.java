package io.couplet.local.inspect;

import io.couplet.schemas.Completion;
import io.couplet.schemas.GenerationFailure;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.Problem;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A group's lineage in words. */
public final class GroupReport {
  private GroupReport() {}

  /** Problem, rollouts with their step maps and rewards, and what became of the group. */
  public static List<String> lines(GroupLineage lineage) {
    List<String> lines = new ArrayList<>();
    lines.add("group " + lineage.group());
    Map<Integer, Rollout> rollouts = new TreeMap<>(lineage.rollouts());
    rollouts.values().stream()
        .findFirst()
        .ifPresent(rollout -> problem(lines, rollout.getProblem()));
    rollouts.values().forEach(rollout -> rollout(lines, lineage, rollout));
    lines.add("");
    lines.add(fate(lineage));
    return lines;
  }

  private static void problem(List<String> lines, Problem problem) {
    lines.add("problem " + problem.getId() + tags(problem));
    String text = problem.getQuestion() == null ? problem.getPrompt() : problem.getQuestion();
    text.lines().forEach(line -> lines.add("  | " + line));
    problem.getTests().forEach(test -> lines.add("  test " + test));
  }

  private static String tags(Problem problem) {
    return problem.getTags().isEmpty() ? "" : " " + problem.getTags();
  }

  private static void rollout(List<String> lines, GroupLineage lineage, Rollout rollout) {
    lines.add("");
    lines.add(
        "member "
            + rollout.getMember()
            + "   policy v"
            + rollout.getPolicyVersion()
            + "   worker "
            + rollout.getWorker()
            + (rollout.getAttempt() > 0 ? "   attempt " + rollout.getAttempt() : ""));
    if (rollout.getOutcome() instanceof GenerationFailure failure) {
      lines.add("  no completion: " + failure.getReason() + ", " + failure.getMessage());
      return;
    }
    Completion completion = (Completion) rollout.getOutcome();
    completion.getText().lines().forEach(line -> lines.add("  | " + line));
    lines.add(
        "  steps "
            + completion.getStepMap().stream()
                .map(step -> step < 0 ? "." : Integer.toString(step))
                .collect(Collectors.joining(" ")));
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s after %d denoising steps, %.0f ms waiting, %.0f ms decoding, %.0f ms scoring;"
                + " stream %s",
            completion.getStopReason().toString().toLowerCase(Locale.ROOT),
            completion.getTimings().getDenoisingSteps(),
            completion.getTimings().getQueueMs(),
            completion.getTimings().getDecodeMs(),
            completion.getTimings().getScoreMs(),
            completion.getSeed()));
    new TreeMap<>(lineage.rewards())
        .forEach(
            (source, byMember) ->
                Optional.ofNullable(byMember.get(rollout.getMember()))
                    .ifPresent(reward -> lines.add(reward(source, reward))));
    lineage
        .tape()
        .flatMap(group -> member(group, rollout.getMember()))
        .ifPresent(
            member ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "  reward %.4f   advantage %+.4f",
                        member.getReward(),
                        member.getAdvantage())));
  }

  private static Optional<GroupMember> member(Group group, int number) {
    return group.getMembers().stream().filter(member -> member.getMember() == number).findFirst();
  }

  private static String reward(String source, Reward reward) {
    String value =
        reward.getValue() == null
            ? "no value: " + reward.getReason()
            : String.format(Locale.ROOT, "%.4f", reward.getValue());
    String cases =
        reward.getCases().isEmpty()
            ? ""
            : "   "
                + reward.getCases().stream()
                    .map(
                        one ->
                            one.getOutcome()
                                + (one.getDetail() == null ? "" : " (" + one.getDetail() + ")"))
                    .collect(Collectors.joining(", "));
    return "  " + source + " " + value + cases;
  }

  private static String fate(GroupLineage lineage) {
    if (lineage.tape().isEmpty()) {
      return "open: not on the tape yet";
    }
    Group group = lineage.tape().get();
    String closed =
        "closed as "
            + group.getStatus()
            + (group.getDropReason() == null ? "" : " (" + group.getDropReason() + ")");
    if (lineage.update().isEmpty()) {
      return closed + "; no update has read it yet";
    }
    long step = lineage.update().get().getStep();
    return closed
        + lineage
            .dropReason()
            .map(reason -> "; left out by update " + step + ": " + reason)
            .orElse("; consumed by update " + step);
  }
}
