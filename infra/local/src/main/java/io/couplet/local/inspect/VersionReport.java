package io.couplet.local.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.ledger.Ledger;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.LedgerGroup;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One policy version: its announcement, the update that made it with everything behind it, and how
 * it was evaluated.
 *
 * @param update the update that made it; empty when the ledger does not know the version
 * @param groups what the update was computed from, in its order
 * @param evaluation empty when it was not evaluated
 */
public record VersionReport(
    Policy policy,
    Optional<LedgerEntry> update,
    List<GroupLineage> groups,
    Optional<Evaluation> evaluation) {
  public VersionReport {
    groups = List.copyOf(groups);
  }

  /** Reads the topics; empty when the version was never announced. */
  public static Optional<VersionReport> find(RunConnection run, long version, Ledger ledger) {
    Optional<Policy> policy =
        TopicReader.all(run.kafka(), run.topics(), Topic.POLICIES).stream()
            .filter(one -> one.getVersion() == version)
            .findFirst();
    return policy.map(
        announced -> {
          Optional<LedgerEntry> update =
              ledger.steps().values().stream()
                  .filter(entry -> entry.getVersionOut() == version)
                  .findFirst();
          List<String> behind =
              update
                  .map(entry -> entry.getGroups().stream().map(LedgerGroup::getGroup).toList())
                  .orElse(List.of());
          Map<String, GroupLineage> lineages =
              behind.isEmpty() ? Map.of() : GroupLineages.of(run, behind, ledger);
          return new VersionReport(
              announced,
              update,
              List.copyOf(lineages.values()),
              TopicReader.all(run.kafka(), run.topics(), Topic.EVALS).stream()
                  .filter(one -> one.getVersion() == version)
                  .findFirst());
        });
  }

  /** The report as one object. */
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.set("policy", AvroJson.of(policy));
    update.ifPresent(entry -> node.set("update", AvroJson.of(entry)));
    ArrayNode behind = node.putArray("groups");
    groups.forEach(lineage -> behind.add(GroupReport.json(lineage, Optional.empty())));
    evaluation.ifPresent(one -> node.set("evaluation", AvroJson.of(one)));
    return node;
  }

  /** The report in words. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("policy v" + policy.getVersion() + " of run " + policy.getRun());
    lines.add("  at      " + policy.getUri());
    lines.add("  sha256  " + policy.getSha256() + ", " + policy.getSizeBytes() + " bytes");
    update.ifPresent(entry -> update(lines, entry));
    evaluation.ifPresent(
        one ->
            lines.add(
                "evaluated on "
                    + one.getProblems().size()
                    + " problems: pass@ "
                    + new TreeMap<>(one.getPassAt())
                    + "  AR-ness "
                    + new TreeMap<>(one.getArNess())));
    return lines;
  }

  private void update(List<String> lines, LedgerEntry entry) {
    lines.add("  weights " + entry.getWeightsSha256());
    if (entry.getStep() == 0) {
      lines.add(
          entry.getParentRun() == null
              ? "the policy that the run began with"
              : "the policy that the run began with: it is a fork of " + entry.getParentRun());
      return;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "made by update %d from v%d: reward %.4f  loss %.4f  kl %.4f  gradient %.3f  seed %d",
            entry.getStep(),
            entry.getVersionIn(),
            entry.getRewardMean(),
            entry.getLoss(),
            entry.getKl(),
            entry.getGradientNorm(),
            entry.getSeed()));
    groups.forEach(lineage -> lines.addAll(GroupReport.brief(lineage)));
    entry
        .getDrops()
        .forEach(drop -> lines.add("  left out " + drop.getGroup() + ": " + drop.getReason()));
  }
}
