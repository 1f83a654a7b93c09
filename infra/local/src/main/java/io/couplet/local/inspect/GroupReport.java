package io.couplet.local.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.local.inspect.GroupLineage.Said;
import io.couplet.schemas.Completion;
import io.couplet.schemas.GenerationFailure;
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

/** A group's lineage in words and as JSON. */
public final class GroupReport {
  private static final int SHORT_HASH = 12;

  private GroupReport() {}

  /**
   * Problem, rollouts with their step maps and rewards, and what became of the group.
   *
   * @param member only this member; all if empty
   */
  public static List<String> lines(GroupLineage lineage, Optional<Integer> member) {
    List<String> lines = new ArrayList<>();
    lines.add("group " + lineage.group());
    Map<Integer, Rollout> rollouts = lineage.rollouts();
    rollouts.values().stream()
        .findFirst()
        .ifPresent(rollout -> problem(lines, rollout.getProblem()));
    rollouts.values().stream()
        .filter(rollout -> member.map(only -> only == rollout.getMember()).orElse(true))
        .forEach(rollout -> rollout(lines, lineage, rollout));
    lines.add("");
    lines.add(lineage.fate());
    return lines;
  }

  /** A line for the group and one for each member: what an update was made from, at a glance. */
  static List<String> brief(GroupLineage lineage) {
    List<String> lines = new ArrayList<>();
    Map<Integer, Rollout> rollouts = lineage.rollouts();
    String problem =
        rollouts.values().stream()
            .findFirst()
            .map(rollout -> rollout.getProblem().getId())
            .or(() -> lineage.tape().map(group -> group.getProblemId()))
            .orElse("(unknown)");
    lines.add("  group " + lineage.group() + "   problem " + problem);
    rollouts
        .values()
        .forEach(
            rollout ->
                lines.add(
                    "    #"
                        + rollout.getMember()
                        + "  v"
                        + rollout.getPolicyVersion()
                        + rewardsInShort(lineage, rollout.getMember())
                        + (rollout.getOutcome() instanceof Completion completion
                            ? "  stream " + completion.getSeed()
                            : "  no completion")));
    return lines;
  }

  private static String rewardsInShort(GroupLineage lineage, int member) {
    return lineage
        .onTape(member)
        .map(
            trained ->
                trained.getRewards().stream()
                        .map(
                            reward ->
                                "  "
                                    + reward.getSource()
                                    + " "
                                    + (reward.getValue() == null
                                        ? "none"
                                        : String.format(Locale.ROOT, "%.3f", reward.getValue())))
                        .collect(Collectors.joining())
                    + String.format(Locale.ROOT, "  advantage %+.3f", trained.getAdvantage()))
        .orElse("");
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
    int member = rollout.getMember();
    lines.add("");
    lines.add(
        "sample "
            + lineage.group()
            + "#"
            + member
            + "   policy v"
            + rollout.getPolicyVersion()
            + " ("
            + abbreviated(rollout.getPolicySha256())
            + ")   worker "
            + rollout.getWorker()
            + (rollout.getAttempt() > 0 ? "   attempt " + rollout.getAttempt() : ""));
    if (rollout.getOutcome() instanceof GenerationFailure failure) {
      lines.add("  no completion: " + failure.getReason() + ", " + failure.getMessage());
    } else {
      completion(lines, (Completion) rollout.getOutcome());
    }
    new TreeMap<>(lineage.said())
        .forEach(
            (source, said) ->
                said.stream()
                    .filter(one -> one.reward().getMember() == member)
                    .forEach(one -> lines.add(reward(lineage, source, one))));
    lineage
        .onTape(member)
        .ifPresent(
            trained ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "  reward %.4f   advantage %+.4f",
                        trained.getReward(),
                        trained.getAdvantage())));
    long again = lineage.made().stream().filter(other -> other.getMember() == member).count() - 1;
    if (again > 0) {
      lines.add("  generated " + again + " time(s) more, after a restart; the group has this one");
    }
  }

  private static String abbreviated(String sha256) {
    return sha256.length() > SHORT_HASH ? sha256.substring(0, SHORT_HASH) : sha256;
  }

  private static void completion(List<String> lines, Completion completion) {
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
  }

  private static String reward(GroupLineage lineage, String source, Said said) {
    Reward reward = said.reward();
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
    String evidence = reward.getEvidence() == null ? "" : "   " + reward.getEvidence();
    String counted =
        lineage.notCounted(said).map(why -> "   [not counted: " + why + "]").orElse("");
    return "  " + source + " " + value + cases + evidence + counted;
  }

  /**
   * The same for programs.
   *
   * @param member only this member; all if empty
   */
  public static ObjectNode json(GroupLineage lineage, Optional<Integer> member) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("group", lineage.group());
    ArrayNode rollouts = node.putArray("rollouts");
    lineage.rollouts().values().stream()
        .filter(rollout -> member.map(only -> only == rollout.getMember()).orElse(true))
        .forEach(rollout -> rollouts.add(AvroJson.of(rollout)));
    ObjectNode rewards = node.putObject("rewards");
    new TreeMap<>(lineage.said())
        .forEach(
            (source, said) -> {
              ArrayNode values = rewards.putArray(source);
              said.stream()
                  .filter(one -> member.map(only -> only == one.reward().getMember()).orElse(true))
                  .forEach(one -> values.add(reward(lineage, one)));
            });
    lineage.tape().ifPresent(group -> node.set("tape", AvroJson.of(group)));
    lineage.update().ifPresent(entry -> node.set("update", AvroJson.of(entry)));
    lineage
        .leftOut()
        .ifPresent(
            why -> {
              ObjectNode left = node.putObject("left_out");
              left.put("reason", why.getKey());
              left.put("step", why.getValue().getStep());
            });
    node.put("fate", lineage.fate());
    return node;
  }

  private static ObjectNode reward(GroupLineage lineage, Said said) {
    ObjectNode node = (ObjectNode) AvroJson.of(said.reward());
    node.put("at_ms", said.atMs());
    Optional<String> notCounted = lineage.notCounted(said);
    if (lineage.tape().isPresent()) {
      node.put("counted", notCounted.isEmpty());
    }
    notCounted.ifPresent(why -> node.put("not_counted", why));
    return node;
  }
}
