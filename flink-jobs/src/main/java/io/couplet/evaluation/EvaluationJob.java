package io.couplet.evaluation;

import io.couplet.config.ConfigException;
import io.couplet.config.RunConfig;
import io.couplet.schemas.Evaluation;
import io.couplet.schemas.Policy;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Policies to evals: held-out problems at every n-th version. */
public final class EvaluationJob {
  /** Name of the job, of its consumer group and of its stage in dead letters. */
  public static final String NAME = "evaluation";

  private static final long NO_TIMEOUT = 0;

  /**
   * Versions that may wait, one of them being evaluated. A full operator would hold up the job's
   * checkpoints, and a policy is not kept for that long anyway.
   */
  private static final int VERSIONS = 1_000;

  private EvaluationJob() {}

  /** Adds the job's operators to an environment. */
  public static void define(RunConfig config, StreamExecutionEnvironment environment) {
    if (config.evaluation().every() < 1) {
      throw new ConfigException(
          "evaluation.every is 0: the run is not evaluated, do not start the evaluation job");
    }
    if (config.workers().endpoints().isEmpty()) {
      throw new ConfigException(
          "workers.endpoints is empty: the evaluation job needs host:port of at least one worker");
    }
    try (RunStreams streams = RunStreams.of(config, NAME, environment)) {
      environment.setParallelism(1);
      DataStream<Policy> versions =
          streams
              .read(Topic.POLICIES)
              .keyBy(Policy::getRun, Types.STRING)
              .process(
                  new VersionsToEvaluate(config.evaluation().every()),
                  new AvroTypeInfo<>(Policy.class))
              .name("versions to evaluate")
              .uid("versions");
      DataStream<Evaluation> evaluations =
          AsyncDataStream.orderedWait(
                  versions,
                  new EvaluationFunction(config),
                  NO_TIMEOUT,
                  TimeUnit.MILLISECONDS,
                  VERSIONS)
              .returns(new AvroTypeInfo<>(Evaluation.class))
              .name("evaluate on held-out problems")
              .uid("evaluate");
      streams.write(evaluations, Topic.EVALS);
    }
  }
}
