package io.couplet.advantage;

import io.couplet.advantage.state.HeldReward;
import io.couplet.advantage.state.ReceivedReward;
import io.couplet.config.AdvantageKind;
import io.couplet.config.GroupsSection;
import io.couplet.config.RunConfig;
import io.couplet.grpo.AdvantageBaseline;
import io.couplet.grpo.Advantages;
import io.couplet.schemas.Group;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.Reward;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.serde.Decoded;
import io.couplet.serde.RecordReader;
import io.couplet.serde.RunStreams;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Either;

/** Rollouts and the rewards of every source to groups on the tape. */
public final class AdvantageJob {
  /** Name of the job, of its consumer group and of its stage in dead letters. */
  public static final String NAME = "advantage";

  static final TypeInformation<Either<Rollout, ReceivedReward>> INPUT =
      new EitherTypeInfo<>(
          new AvroTypeInfo<>(Rollout.class), new AvroTypeInfo<>(ReceivedReward.class));
  static final TypeInformation<Tuple2<Long, Either<RewardSource, String>>> CHANGE =
      new TupleTypeInfo<>(
          Types.LONG, new EitherTypeInfo<>(new AvroTypeInfo<>(RewardSource.class), Types.STRING));

  private AdvantageJob() {}

  /** Adds the job to the environment; reads the reward sources that the run has so far. */
  public static void define(RunConfig config, StreamExecutionEnvironment environment) {
    KafkaConnection connection = RunStreams.connection(config);
    RunTopics topics = RunStreams.topics(config);
    InitialSources initial = InitialSources.read(connection, topics, config.rewards());
    try (RunStreams streams = RunStreams.of(config, NAME, environment)) {
      DataStream<Either<Rollout, ReceivedReward>> rollouts =
          streams.read(Topic.ROLLOUTS, record -> Either.Left(record.value()), INPUT);
      DataStream<Either<Rollout, ReceivedReward>> rewards =
          streams.readRewards(
              (reward, origin) -> misplaced(topics, reward, origin), new RewardReading(), INPUT);
      DataStream<Tuple2<Long, Either<RewardSource, String>>> changes =
          streams.read(Topic.REWARD_SOURCES, new SourceReading(), CHANGE);
      SingleOutputStreamOperator<Group> groups =
          rollouts
              .union(rewards)
              .keyBy(AdvantageJob::groupOf, Types.STRING)
              .connect(changes.broadcast())
              .transform(
                  "assemble groups",
                  new AvroTypeInfo<>(Group.class),
                  new AssemblyOperator(
                      new AssemblyFunction(
                          topics,
                          AssemblyRules.of(config.groups()),
                          formula(config.groups()),
                          initial,
                          SteadyClock::system),
                      SteadyClock::system))
              .uid("assembly");
      streams.bury(groups.getSideOutput(AssemblyFunction.LETTERS));
      streams.write(groups, Topic.GROUPS);
    }
  }

  static String groupOf(Either<Rollout, ReceivedReward> input) {
    return input.isLeft() ? input.left().getGroup() : input.right().getGroup();
  }

  static AdvantageFormula formula(GroupsSection groups) {
    AdvantageBaseline baseline =
        groups.advantage() == AdvantageKind.MEAN
            ? AdvantageBaseline.MEAN
            : AdvantageBaseline.LEAVE_ONE_OUT;
    boolean scale = groups.scaleRewards();
    return rewards -> Advantages.of(rewards, baseline, scale).values();
  }

  /** Who may write a topic may speak for its source, and for no other. */
  private static Optional<String> misplaced(
      RunTopics topics, Reward reward, Decoded.Origin origin) {
    String owner = topics.rewardSourceOf(origin.topic()).orElseThrow();
    return owner.equals(reward.getSource())
        ? Optional.empty()
        : Optional.of(
            "Expected a reward of source "
                + owner
                + " on its topic "
                + origin.topic()
                + ", found one of '"
                + reward.getSource()
                + "'");
  }

  /** A reward with where it came from and the bytes that it was. */
  private static final class RewardReading
      implements RecordReader<Reward, Either<Rollout, ReceivedReward>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Either<Rollout, ReceivedReward> read(Decoded.Value<Reward> record) {
      Reward reward = record.value();
      Decoded.Origin origin = record.origin();
      return Either.Right(
          new ReceivedReward(
              reward.getGroup(),
              reward.getMember(),
              HeldReward.newBuilder()
                  .setSource(reward.getSource())
                  .setValue(reward.getValue())
                  .setReason(reward.getReason())
                  .setPolicyVersion(reward.getPolicyVersion())
                  .setTopic(origin.topic())
                  .setPartition(origin.partition())
                  .setOffset(origin.offset())
                  .setRecord(record.bytes())
                  .build()));
    }
  }

  /** A source, or the name of one that was removed. */
  private static final class SourceReading
      implements RecordReader<RewardSource, Tuple2<Long, Either<RewardSource, String>>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Tuple2<Long, Either<RewardSource, String>> read(Decoded.Value<RewardSource> record) {
      return Tuple2.of(record.origin().offset(), Either.Left(record.value()));
    }

    @Override
    public Optional<Tuple2<Long, Either<RewardSource, String>>> removal(
        Decoded.Tombstone<RewardSource> tombstone) {
      return Optional.of(Tuple2.of(tombstone.origin().offset(), Either.Right(tombstone.key())));
    }
  }
}
