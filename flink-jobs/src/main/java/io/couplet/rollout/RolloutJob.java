package io.couplet.rollout;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Problem;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Problems to rollouts: the admission gate paces, the stamp puts the newest policy on each group,
 * the workers generate.
 */
public final class RolloutJob {
  public static final String NAME = "rollout";

  /** A set of problems that arrives in one go is not visited again before it has arrived. */
  private static final long SETTLE_MS = 1_000;

  private static final long NO_TIMEOUT = 0;

  private RolloutJob() {}

  /** Adds the job's operators to an environment. */
  public static void define(RunConfig config, StreamExecutionEnvironment environment) {
    if (config.workers().endpoints().isEmpty()) {
      throw new ConfigException(
          "workers.endpoints is empty: the rollout job needs host:port of at least one worker");
    }
    try (RunStreams streams = RunStreams.of(config, NAME, environment)) {
      DataStream<Problem> problems =
          streams.readValid(Topic.PROBLEMS, (problem, origin) -> ProblemRecords.refusal(problem));
      DataStream<Policy> policies = streams.read(Topic.POLICIES);
      streams.write(rollouts(config, problems, policies), Topic.ROLLOUTS);
    }
  }

  private static DataStream<Rollout> rollouts(
      RunConfig config, DataStream<Problem> problems, DataStream<Policy> policies) {
    String run = config.name();
    TypeInformation<AdmittedGroup> groups = TypeInformation.of(AdmittedGroup.class);
    AdmissionGate.Settings settings =
        new AdmissionGate.Settings(
            config.seed(), config.admission().window(), config.problems().epochs());
    DataStream<AdmittedGroup> admitted =
        problems
            .keyBy(problem -> run, Types.STRING)
            .connect(policies.keyBy(policy -> run, Types.STRING))
            .transform(
                "admission gate",
                groups,
                new AdmissionOperator(new AdmissionFunction(settings, SETTLE_MS)))
            .setParallelism(1)
            .uid("admission");
    DataStream<AdmittedGroup> stamped =
        admitted
            .rebalance()
            .connect(policies.broadcast(StampFunction.POLICIES))
            .process(new StampFunction(), groups)
            .name("stamp with newest policy")
            .uid("stamp");
    return AsyncDataStream.unorderedWait(
            stamped,
            new GenerateFunction(config),
            NO_TIMEOUT,
            TimeUnit.MILLISECONDS,
            config.workers().inFlight())
        .returns(new AvroTypeInfo<>(Rollout.class))
        .name("generate with workers")
        .uid("generate");
  }
}
