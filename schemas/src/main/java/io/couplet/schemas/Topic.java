package io.couplet.schemas;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * What crosses one stage boundary: the record type, its key, and how the topic is laid out. This is
 * the catalogue; topics are created and checked from it alone ({@link TopicProvisioner}).
 *
 * @param entity last part of the topic name, e.g. {@code rollouts} or {@code rewards.tests}
 * @param type record class
 * @param key record key, by which the topic is partitioned
 * @param subject what a record is about (a group, a problem, a run); names its trace
 * @param attempt goes into the header of that name
 * @param partitions number of partitions at creation
 * @param exactPartitions whether another number is an error (order across the topic matters)
 * @param retention how long records are kept; {@link #FOREVER} has no end
 * @param compacted whether only the latest record of each key is kept
 * @param maxBytes largest encoded record
 */
public record Topic<T extends SpecificRecordBase>(
    String entity,
    Class<T> type,
    Naming<T> key,
    Naming<T> subject,
    Attempts<T> attempt,
    int partitions,
    boolean exactPartitions,
    Duration retention,
    boolean compacted,
    int maxBytes)
    implements Serializable {
  /** Retention of what replay reads. */
  public static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final Duration LINEAGE = Duration.ofDays(30);
  private static final Pattern SOURCE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** Reads a name off a record. */
  public interface Naming<T> extends Function<T, String>, Serializable {}

  /** How often a record says it had been tried before. */
  public interface Attempts<T> extends ToIntFunction<T>, Serializable {}

  /** One partition: problems are admitted in the order in which they were written. */
  public static final Topic<Problem> PROBLEMS =
      ordered("problems", Problem.class, Problem::getId, Problem::getId, MIB);

  public static final Topic<Rollout> ROLLOUTS =
      spread("rollouts", Rollout.class, Rollout::getGroup, Rollout::getAttempt, 4 * MIB);

  public static final Topic<RewardSource> REWARD_SOURCES =
      compacted("reward-sources", RewardSource.class, RewardSource::getName, 64 * KIB);

  /** The tape: one partition, so that reading it twice gives the same order twice. */
  public static final Topic<Group> GROUPS =
      ordered("groups", Group.class, group -> "tape", Group::getGroup, 8 * MIB);

  public static final Topic<Policy> POLICIES =
      ordered("policies", Policy.class, Policy::getRun, Policy::getRun, 64 * KIB);

  public static final Topic<LedgerEntry> LEDGER =
      ordered("ledger", LedgerEntry.class, LedgerEntry::getRun, LedgerEntry::getRun, 2 * MIB);

  public static final Topic<Evaluation> EVALS =
      ordered(
          "evals",
          Evaluation.class,
          evaluation -> Long.toString(evaluation.getVersion()),
          Evaluation::getRun,
          4 * MIB);

  /** Holds the original bytes of a record of any other topic. */
  public static final Topic<DeadLetter> DEAD_LETTERS =
      new Topic<>(
          "dead-letters",
          DeadLetter.class,
          letter -> letter.getTopic() + "/" + letter.getPartition() + "/" + letter.getOffset(),
          letter -> letter.getTopic() + "/" + letter.getPartition() + "/" + letter.getOffset(),
          DeadLetter::getAttempt,
          1,
          false,
          LINEAGE,
          false,
          9 * MIB);

  /** Compacted topic of plain JSON schemas, key = fingerprint in hex; not Avro itself. */
  public static final String SCHEMAS_ENTITY = "schemas";

  private static final String REWARDS = "rewards.";

  /** The topic that one reward source writes; a third party needs only its schema. */
  public static Topic<Reward> rewards(String source) {
    if (!SOURCE_NAME.matcher(source).matches()) {
      throw new IllegalArgumentException(
          "A reward source is named by 1 to 64 letters, digits, '-' and '_', starting with a letter or"
              + " digit; found '"
              + source
              + "'");
    }
    return spread(REWARDS + source, Reward.class, Reward::getGroup, reward -> 0, MIB);
  }

  /** Topics that every run has from its start. */
  public static List<Topic<?>> ofEveryRun() {
    return List.of(
        PROBLEMS,
        ROLLOUTS,
        rewards("tests"),
        rewards("format"),
        REWARD_SOURCES,
        GROUPS,
        POLICIES,
        LEDGER,
        EVALS,
        DEAD_LETTERS);
  }

  /** Name of the topic in a run: PREFIX.RUN.ENTITY. */
  public String in(RunTopics run) {
    return run.name(entity);
  }

  /** Topic-level configuration of Kafka that this entry of the catalogue stands for. */
  public Map<String, String> configuration() {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("cleanup.policy", compacted ? "compact" : "delete");
    configuration.put(
        "retention.ms", retention.equals(FOREVER) ? "-1" : Long.toString(retention.toMillis()));
    configuration.put("retention.bytes", "-1");
    // Kafka adds its batch and header overhead to the record.
    configuration.put("max.message.bytes", Integer.toString(maxBytes + 64 * KIB));
    return configuration;
  }

  private static <T extends SpecificRecordBase> Topic<T> ordered(
      String entity, Class<T> type, Naming<T> key, Naming<T> subject, int maxBytes) {
    return new Topic<>(entity, type, key, subject, record -> 0, 1, true, FOREVER, false, maxBytes);
  }

  private static <T extends SpecificRecordBase> Topic<T> spread(
      String entity, Class<T> type, Naming<T> key, Attempts<T> attempt, int maxBytes) {
    return new Topic<>(entity, type, key, key, attempt, 4, false, LINEAGE, false, maxBytes);
  }

  private static <T extends SpecificRecordBase> Topic<T> compacted(
      String entity, Class<T> type, Naming<T> key, int maxBytes) {
    return new Topic<>(entity, type, key, key, record -> 0, 1, true, FOREVER, true, maxBytes);
  }
}
