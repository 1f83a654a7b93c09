package io.couplet.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.couplet.config.RunConfig;
import io.couplet.learner.LearnerStore;
import io.couplet.learner.PolicyTrainer;
import io.couplet.learner.Trainer;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.schemas.Group;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import io.couplet.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A replay as a bounded Flink job: reads the tape between the offsets of the ledger, at parallelism
 * 1, and finishes when every hash was compared and equal. A divergence or a gap fails the job with
 * the reason, at once; what another attempt may not find again, after {@value #ATTEMPTS} of them.
 * The result is in the job's accumulators and in the log of its TaskManager.
 */
public final class ReplayJob {
  /** Name of the job, of its consumer group and of its stage in dead letters. */
  public static final String NAME = "replay";

  /** Accumulator: the report as JSON; absent when there is none. */
  public static final String REPORT = "couplet.replay.report";

  /** It has an end, so it must not start again for ever, as the jobs of a run do. */
  private static final int ATTEMPTS = 8;

  private ReplayJob() {}

  /** Name in the web UI. */
  public static String nameIn(RunConfig config) {
    return config.name() + " " + NAME;
  }

  /**
   * What a replay's job found, once it has ended.
   *
   * @param accumulators of the job, by name
   * @param failure why the job failed, in a sentence; empty when it finished
   * @return the report as JSON: {@link ReplayReport#json}
   * @throws IOException in a sentence when the job has no report, or failed although its report
   *     knows of no divergence
   */
  public static JsonNode report(Map<String, ?> accumulators, Optional<String> failure)
      throws IOException {
    if (accumulators.get(REPORT) instanceof List<?> reports && !reports.isEmpty()) {
      JsonNode report = new ObjectMapper().readTree(reports.get(reports.size() - 1).toString());
      if (failure.isEmpty() || !report.path("verified").asBoolean()) {
        return report;
      }
    }
    throw new IOException(failure.orElse("The replay job ended without a report."));
  }

  /**
   * Adds the job to an environment; reads the ledger as it is now.
   *
   * @param to last step to compare; the ledger's last one if empty
   * @throws io.couplet.ledger.LedgerException the ledger does not hold these steps, each once
   */
  public static void define(
      RunConfig config, long from, Optional<Long> to, StreamExecutionEnvironment environment) {
    Ledger ledger = LedgerReader.read(RunStreams.connection(config), RunStreams.topics(config));
    long last = to.orElse(ledger.lastStep());
    Replay.requireSteps(ledger, from, last);
    long base = ReplayStart.latestStep(Math.max(0, from - 1), ledger);
    // What is computed can be computed again: a failure starts from the retained state, not from a
    // checkpoint.
    environment.getCheckpointConfig().disableCheckpointing();
    environment.configure(
        new Configuration()
            .set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay")
            .set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, ATTEMPTS));
    try (RunStreams streams = RunStreams.of(config, NAME, environment)) {
      environment.setParallelism(1);
      streams
          .readBetween(
              Topic.GROUPS,
              base < last ? ledger.entry(base + 1).getFirstOffset() : 0,
              base < last ? ledger.entry(last).getLastOffset() + 1 : 0,
              record -> Tuple2.of(record.origin().offset(), record.value()),
              new TupleTypeInfo<>(Types.LONG, new AvroTypeInfo<>(Group.class)))
          .transform(
              "replay",
              Types.STRING,
              new ReplayOperator(new Opening(config), ReplaySettings.of(config), base, from, last))
          .uid("replay")
          .setMaxParallelism(1)
          .sinkTo(new DiscardingSink<>())
          .name("end")
          .uid("replay-end");
    }
  }

  /** Opens what the configuration names, on the machine that replays. */
  private record Opening(RunConfig config) implements ReplayOperator.ReplayOpening {
    @Override
    public Ledger ledger() {
      return LedgerReader.read(RunStreams.connection(config), RunStreams.topics(config));
    }

    @Override
    public LearnerStore store(Path scratch) throws IOException {
      return new LearnerStore(ObjectStores.open(config.policy().store()), scratch);
    }

    @Override
    public Trainer trainer(Path policy) throws IOException {
      return PolicyTrainer.open(config, policy);
    }
  }
}
