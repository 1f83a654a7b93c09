package io.couplet.reward;

import io.couplet.config.RunConfig;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.Reward;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Either;

/**
 * Rollouts to rewards of the built-in sources. They are ordinary sources: they read the rollouts
 * topic and write reward topics, as a stranger's would.
 */
public final class RewardJob {
  public static final String NAME = "reward";

  private static final long NO_TIMEOUT = 0;

  /** Enough to keep the sandbox's workers busy over a checkpoint. */
  private static final int MOST_IN_FLIGHT = 256;

  private RewardJob() {}

  /** Adds the job's operators to an environment. */
  public static void define(RunConfig config, StreamExecutionEnvironment environment) {
    try (RunStreams streams = RunStreams.of(config, NAME, environment)) {
      SingleOutputStreamOperator<Reward> rewards = rewards(config, streams);
      write(CodeRewards.TESTS, rewards, config, streams);
      write(CodeRewards.FORMAT, rewards.getSideOutput(BySource.FORMAT), config, streams);
      streams.bury(rewards.getSideOutput(BySource.LETTERS));
    }
  }

  private static void write(
      String source, DataStream<Reward> rewards, RunConfig config, RunStreams streams) {
    DataStream<Reward> together =
        rewards
            .transform(
                source + " of a group together",
                new AvroTypeInfo<>(Reward.class),
                new GroupsTogether(config.groups().size()))
            .uid(source + "-together");
    streams.write(together, Topic.rewards(source));
  }

  private static SingleOutputStreamOperator<Reward> rewards(RunConfig config, RunStreams streams) {
    TypeInformation<ReceivedRollout> received = TypeInformation.of(ReceivedRollout.class);
    TypeInformation<Either<Reward, DeadLetter>> judged =
        new EitherTypeInfo<>(
            new AvroTypeInfo<>(Reward.class), new AvroTypeInfo<>(DeadLetter.class));
    SingleOutputStreamOperator<ReceivedRollout> once =
        streams
            .read(Topic.ROLLOUTS, ReceivedRollout::of, received)
            .keyBy(rollout -> rollout.rollout().getGroup(), Types.STRING)
            .process(new FirstOfMember(Duration.ofMillis(config.rewards().rememberMs())), received)
            .name("each rollout once")
            .uid("each-rollout-once");
    return AsyncDataStream.unorderedWait(
            once,
            new JudgeFunction(config),
            NO_TIMEOUT,
            TimeUnit.MILLISECONDS,
            Math.min(config.sandbox().queue(), MOST_IN_FLIGHT))
        .returns(judged)
        .name("judge in the sandbox")
        .uid("judge")
        .process(new BySource(), new AvroTypeInfo<>(Reward.class))
        .name("rewards by source")
        .uid("rewards-by-source");
  }
}
