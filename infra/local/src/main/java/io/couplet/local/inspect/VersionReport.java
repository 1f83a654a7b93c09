package io.couplet.local.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.couplet.local.topics.RunConnection;
import io.couplet.local.topics.TopicReader;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One policy version: its announcement, the update that made it, and how it was evaluated.
 *
 * @param update empty when the ledger does not know the version
 * @param evaluation empty when it was not evaluated
 */
public record VersionReport(
    Policy policy, Optional<LedgerEntry> update, Optional<Evaluation> evaluation) {
  /** Reads the topics; empty when the version was never announced. */
  public static Optional<VersionReport> find(RunConnection run, long version) {
    Optional<Policy> policy =
        TopicReader.all(run.kafka(), run.topics(), Topic.POLICIES).stream()
            .filter(one -> one.getVersion() == version)
            .findFirst();
    return policy.map(
        announced ->
            new VersionReport(
                announced,
                TopicReader.all(run.kafka(), run.topics(), Topic.LEDGER).stream()
                    .filter(entry -> entry.getVersionOut() == version)
                    .findFirst(),
                TopicReader.all(run.kafka(), run.topics(), Topic.EVALS).stream()
                    .filter(one -> one.getVersion() == version)
                    .findFirst()));
  }

  /** The report as one object. */
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.set("policy", AvroJson.of(policy));
    update.ifPresent(entry -> node.set("update", AvroJson.of(entry)));
    evaluation.ifPresent(one -> node.set("evaluation", AvroJson.of(one)));
    return node;
  }

  /** The report in words. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("policy v" + policy.getVersion() + " of run " + policy.getRun());
    lines.add("  at      " + policy.getUri());
    lines.add("  sha256  " + policy.getSha256() + ", " + policy.getSizeBytes() + " bytes");
    update.ifPresent(
        entry -> {
          lines.add(
              String.format(
                  Locale.ROOT,
                  "made by update %d from v%d: reward %.4f  loss %.4f  kl %.4f  gradient %.3f",
                  entry.getStep(),
                  entry.getVersionIn(),
                  entry.getRewardMean(),
                  entry.getLoss(),
                  entry.getKl(),
                  entry.getGradientNorm()));
          lines.add("  weights " + entry.getWeightsSha256());
          entry
              .getGroups()
              .forEach(
                  group ->
                      lines.add(
                          String.format(
                              Locale.ROOT,
                              "  group   %s  reward %.3f  from v%d",
                              group.getGroup(),
                              group.getRewardMean(),
                              group.getMinPolicyVersion())));
        });
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
}
