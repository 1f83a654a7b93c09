package io.couplet.local.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.ledger.LedgerSummary;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Records of a ledger in words. */
public final class LedgerReport {
  private LedgerReport() {}

  /** A line for each record, below a heading; why a run halted is told in full. */
  public static List<String> table(List<LedgerEntry> entries) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%6s %8s %-20s %7s %7s %7s %9s %9s  %-12s"
            .formatted(
                "step",
                "version",
                "outcome",
                "groups",
                "dropped",
                "reward",
                "loss",
                "gradient",
                "weights"));
    for (LedgerEntry entry : entries) {
      if (entry.getOutcome() == UpdateOutcome.HALTED) {
        lines.add(
            "%6d %8d HALTED %s"
                .formatted(entry.getStep(), entry.getVersionOut(), entry.getReason()));
      } else {
        lines.add(
            String.format(
                Locale.ROOT,
                "%6d %8d %-20s %7d %7d %7.3f %9.4f %9.3f  %-12.12s",
                entry.getStep(),
                entry.getVersionOut(),
                entry.getOutcome(),
                entry.getGroups().size(),
                entry.getDrops().size(),
                entry.getRewardMean(),
                entry.getLoss(),
                entry.getGradientNorm(),
                entry.getWeightsSha256()));
      }
    }
    return lines;
  }

  /** Every field of one record, a line each. */
  public static List<String> inFull(LedgerEntry entry) {
    Map<String, String> values = new TreeMap<>();
    AvroJson.of(entry)
        .properties()
        .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
    values.put(
        "groups",
        entry.getOutcome() == UpdateOutcome.INITIAL
            ? "(the initial policy)"
            : entry.getGroups().stream()
                .map(LedgerGroup::getGroup)
                .collect(Collectors.joining(" ")));
    values.put(
        "drops",
        entry.getDrops().stream()
            .map(drop -> drop.getGroup() + " (" + drop.getReason() + ")")
            .collect(Collectors.joining(" ")));
    values.put("seconds", new TreeMap<>(entry.getSeconds()).toString());
    values.put("environment", new TreeMap<>(entry.getEnvironment()).toString());
    return values.entrySet().stream()
        .map(value -> "%-22s %s".formatted(value.getKey(), value.getValue()))
        .toList();
  }

  /** Several updates in numbers. */
  public static List<String> lines(LedgerSummary summary) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d updates%s from %d groups, %d rollouts and %d trained tokens; reward mean %.4f",
            summary.updates(),
            summary.skipped() > 0 ? " and " + summary.skipped() + " skipped" : "",
            summary.groupsUsed(),
            summary.rollouts(),
            summary.tokens(),
            summary.rewardMean()));
    lines.add(
        "left out: "
            + (summary.drops().isEmpty()
                ? "none"
                : summary.drops().entrySet().stream()
                    .map(drop -> drop.getValue() + " " + drop.getKey())
                    .collect(Collectors.joining(", "))));
    lines.add(
        String.format(
            Locale.ROOT,
            "%.1f s: %s",
            summary.wallSeconds(),
            LedgerSummary.CYCLE.stream()
                .map(
                    part ->
                        String.format(Locale.ROOT, "%s %.2f", part, summary.seconds().get(part)))
                .collect(Collectors.joining(", "))));
    lines.add(
        String.format(
            Locale.ROOT, "ledger and hashes took %.2f %% of it", 100 * summary.ledgerShare()));
    return lines;
  }

  /** The same for programs. */
  public static ObjectNode json(LedgerSummary summary) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.put("updates", summary.updates());
    node.put("skipped", summary.skipped());
    node.put("groups_used", summary.groupsUsed());
    node.put("rollouts", summary.rollouts());
    node.put("tokens", summary.tokens());
    node.set("left_out", mapper.valueToTree(summary.drops()));
    node.put("reward_mean", summary.rewardMean());
    node.set("seconds", mapper.valueToTree(summary.seconds()));
    node.put("ledger_share", summary.ledgerShare());
    return node;
  }
}
