package io.couplet.serde;

import io.couplet.config.RunConfig;
import io.couplet.schemas.DeadLetter;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.Reward;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of a run as streams of one job. Sources start at the beginning of their topic, or
 * where a checkpoint left off, and never fail on a record: what they cannot decode goes to the dead
 * letters. Sinks write at least once, and equal records as equal bytes. {@link #close} attaches the
 * dead-letter sink, so use it in a try statement:
 *
 * <pre>{@code
 * try (RunStreams streams = RunStreams.of(config, "reward", environment)) {
 *   DataStream<Rollout> rollouts = streams.read(Topic.ROLLOUTS);
 *   streams.write(rewardsOf(rollouts), Topic.rewards("tests"));
 * }
 * }</pre>
 */
public final class RunStreams implements AutoCloseable {
  private static final OutputTag<DeadLetter> LETTERS =
      new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

  /** Records are few, and somebody waits for most of them. */
  private static final String LINGER_MS = "2";

  /**
   * How long a broker holds a fetch for which it has no record. A new partition is fetched from
   * when the fetch before it is answered.
   */
  private static final String FETCH_WAIT_MS = "5000";

  /** Longer than a broker is usually away: the job waits with its records, then restarts. */
  private static final String DELIVERY_TIMEOUT_MS = "600000";

  /** Each look asks the broker for all its topics. */
  private static final String NEW_TOPICS_MS = "5000";

  private static final String NEW_PARTITIONS_MS = "30000";

  private final StreamExecutionEnvironment environment;
  private final KafkaConnection connection;
  private final RunTopics run;
  private final String job;
  private final List<DataStream<DeadLetter>> letters = new ArrayList<>();

  private RunStreams(
      StreamExecutionEnvironment environment,
      KafkaConnection connection,
      RunTopics run,
      String job) {
    this.environment = environment;
    this.connection = connection;
    this.run = run;
    this.job = job;
  }

  /**
   * Also gives the job the run's parallelism and buffer timeout, which hold for operators that do
   * not state their own.
   *
   * @param job name of the job: the stage in dead letters, part of the consumer group
   */
  public static RunStreams of(
      RunConfig config, String job, StreamExecutionEnvironment environment) {
    environment.setParallelism(config.flink().parallelism());
    environment.setBufferTimeout(config.flink().bufferTimeoutMs());
    return new RunStreams(environment, connection(config), topics(config), job);
  }

  /** How the jobs of a run reach Kafka. */
  public static KafkaConnection connection(RunConfig config) {
    return new KafkaConnection(config.kafka().bootstrapServers(), config.kafka().properties());
  }

  /** The topic names of a run. */
  public static RunTopics topics(RunConfig config) {
    return new RunTopics(config.kafka().topicPrefix(), config.name());
  }

  /** The records of a topic. */
  public <T extends SpecificRecordBase> SingleOutputStreamOperator<T> read(Topic<T> topic) {
    return read(topic, Decoded.Value::value, new AvroTypeInfo<>(topic.type()));
  }

  /** The records of a topic that pass a check; the others go to the dead letters as they were. */
  public <T extends SpecificRecordBase> SingleOutputStreamOperator<T> readValid(
      Topic<T> topic, RecordCheck<T> check) {
    KafkaSource<Decoded<T>> source =
        source(topic, topic.entity(), check, false).setTopics(topic.in(run)).build();
    return read(
        source, topic, topic.entity(), Decoded.Value::value, new AvroTypeInfo<>(topic.type()));
  }

  /** What {@code reader} makes of the records of a topic, their offsets and removals included. */
  public <T extends SpecificRecordBase, R> SingleOutputStreamOperator<R> read(
      Topic<T> topic, RecordReader<T, R> reader, TypeInformation<R> type) {
    KafkaSource<Decoded<T>> source =
        source(topic, topic.entity(), unchecked(), false).setTopics(topic.in(run)).build();
    return read(source, topic, topic.entity(), reader, type);
  }

  /**
   * As {@link #read(Topic, RecordReader, TypeInformation)}, of a single-partition topic from one
   * offset to before another; then the stream ends.
   */
  public <T extends SpecificRecordBase, R> SingleOutputStreamOperator<R> readBetween(
      Topic<T> topic, long from, long to, RecordReader<T, R> reader, TypeInformation<R> type) {
    TopicPartition partition = new TopicPartition(topic.in(run), 0);
    KafkaSource<Decoded<T>> source =
        source(topic, topic.entity(), unchecked(), false)
            .setTopics(topic.in(run))
            .setStartingOffsets(OffsetsInitializer.offsets(Map.of(partition, from)))
            .setBounded(OffsetsInitializer.offsets(Map.of(partition, to)))
            .build();
    return read(source, topic, topic.entity(), reader, type);
  }

  /**
   * The records of every reward source, also of those whose topic is made while the job runs, with
   * their bytes. The topic in the record's origin says whose topic it was.
   *
   * @param check refuses rewards that cannot be used
   */
  public <R> SingleOutputStreamOperator<R> readRewards(
      RecordCheck<Reward> check, RecordReader<Reward, R> reader, TypeInformation<R> type) {
    Topic<Reward> any = Topic.rewards("any");
    KafkaSource<Decoded<Reward>> source =
        source(any, "rewards", check, true)
            .setTopicPattern(run.everyRewardTopic())
            .setProperty("partition.discovery.interval.ms", NEW_TOPICS_MS)
            .build();
    return read(source, any, "rewards", reader, type);
  }

  private static <T extends SpecificRecordBase> RecordCheck<T> unchecked() {
    return (record, origin) -> Optional.empty();
  }

  private <T extends SpecificRecordBase> KafkaSourceBuilder<Decoded<T>> source(
      Topic<T> topic, String name, RecordCheck<T> check, boolean keepsBytes) {
    Properties properties = connection.adminProperties();
    properties.setProperty("isolation.level", "read_committed");
    properties.putIfAbsent("fetch.max.wait.ms", FETCH_WAIT_MS);
    properties.setProperty(
        "partition.discovery.interval.ms", topic.exactPartitions() ? "-1" : NEW_PARTITIONS_MS);
    String group = run.name(job);
    return KafkaSource.<Decoded<T>>builder()
        .setProperties(properties)
        .setBootstrapServers(connection.bootstrapServers())
        .setGroupId(group)
        .setClientIdPrefix(group + "." + name)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new RecordDeserializer<>(topic, connection, run, job, check, keepsBytes));
  }

  private <T extends SpecificRecordBase, R> SingleOutputStreamOperator<R> read(
      KafkaSource<Decoded<T>> source,
      Topic<T> topic,
      String name,
      RecordReader<T, R> reader,
      TypeInformation<R> type) {
    SingleOutputStreamOperator<Decoded<T>> decoded =
        environment
            .fromSource(
                source,
                WatermarkStrategy.noWatermarks(),
                name + " topic",
                new DecodedTypeInfo<>(topic.type()))
            .uid(name + "-source");
    SingleOutputStreamOperator<R> records =
        decoded
            .process(new Reading<>(reader, LETTERS), type)
            .name("read " + name)
            .uid(name + "-reading");
    if (topic.exactPartitions()) {
      decoded.setParallelism(1);
      records.setParallelism(1);
    }
    letters.add(records.getSideOutput(LETTERS));
    return records;
  }

  /** Writes records to their topic, at least once. */
  public <T extends SpecificRecordBase> void write(DataStream<T> records, Topic<T> topic) {
    write(records, topic, topic.exactPartitions() ? 1 : environment.getParallelism());
  }

  private <T extends SpecificRecordBase> void write(
      DataStream<T> records, Topic<T> topic, int parallelism) {
    records
        .sinkTo(new TopicSink<>(sink(topic)))
        .name(topic.entity() + " topic")
        .uid(topic.entity() + "-sink")
        .setParallelism(parallelism);
  }

  private <T extends SpecificRecordBase> KafkaSink<T> sink(Topic<T> topic) {
    Properties properties = connection.clientProperties();
    properties.putIfAbsent("linger.ms", LINGER_MS);
    properties.setProperty("acks", "all");
    properties.setProperty("enable.idempotence", "true");
    properties.putIfAbsent("delivery.timeout.ms", DELIVERY_TIMEOUT_MS);
    properties.setProperty("max.request.size", topic.configuration().get("max.message.bytes"));
    properties.setProperty("client.id", run.name(job) + "." + topic.entity());
    return KafkaSink.<T>builder()
        .setKafkaProducerConfig(properties)
        .setBootstrapServers(connection.bootstrapServers())
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new RecordSerializer<>(topic, run))
        .build();
  }

  /** Adds records that this job itself could not use to what goes to the dead letters. */
  public void bury(DataStream<DeadLetter> more) {
    letters.add(more);
  }

  /** Attaches the sink of everything that was refused. */
  @Override
  public void close() {
    letters.stream().reduce(DataStream::union).ifPresent(all -> write(all, Topic.DEAD_LETTERS, 1));
  }
}
