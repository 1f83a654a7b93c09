package io.couplet.learner;

import io.couplet.config.RunConfig;
import io.couplet.ledger.Ledger;
import io.couplet.ledger.LedgerReader;
import io.couplet.schemas.Group;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import io.couplet.store.LocalView;
import io.couplet.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Tape to policies and ledger, at parallelism 1. */
public final class LearnerJob {
  /** Name of the job, of its consumer group and of its stage in dead letters. */
  public static final String NAME = "learner";

  private LearnerJob() {}

  /** Adds the job to the environment; nothing is reached before it runs. */
  public static void define(RunConfig config, StreamExecutionEnvironment environment) {
    define(config, environment, FailurePoint.NONE);
  }

  /**
   * The same with a learner that can be made to fail.
   *
   * @param failures where it does; serialized with the job
   */
  public static void define(
      RunConfig config, StreamExecutionEnvironment environment, FailurePoint failures) {
    KafkaConnection connection = RunStreams.connection(config);
    RunTopics topics = RunStreams.topics(config);
    try (RunStreams streams = RunStreams.of(config, NAME, environment)) {
      DataStream<Tuple2<Long, Group>> tape =
          streams.read(
              Topic.GROUPS,
              record -> Tuple2.of(record.origin().offset(), record.value()),
              new TupleTypeInfo<>(Types.LONG, new AvroTypeInfo<>(Group.class)));
      tape.transform(
              "learner",
              Types.VOID,
              new LearnerOperator.Factory(
                  LearnerSettings.of(config),
                  new Opening(config),
                  afterStep -> new KafkaJournal(connection, topics, afterStep),
                  failures))
          .uid("learner")
          .setParallelism(1)
          .setMaxParallelism(1)
          .sinkTo(new DiscardingSink<>())
          .name("end")
          .uid("learner-end")
          .setParallelism(1);
    }
  }

  /** Opens what the configuration names. */
  private static final class Opening implements LearnerOperator.LearnerOpening {
    private static final long serialVersionUID = 1L;

    private final RunConfig config;

    /** Deleted with the store. */
    private transient Path scratch;

    Opening(RunConfig config) {
      this.config = config;
    }

    @Override
    public LearnerStore store() throws IOException {
      scratch = Files.createTempDirectory("couplet-learner");
      return new LearnerStore(ObjectStores.open(config.policy().store()), scratch);
    }

    @Override
    public Trainer trainer() throws IOException {
      PolicyTrainer trainer = PolicyTrainer.open(config, local(config.policy().initial()));
      if (forked()) {
        trainer.adoptState(local(config.policy().trainerState()));
      }
      return trainer;
    }

    private Path local(String location) throws IOException {
      return LocalView.of(location, scratch.resolve("initial"));
    }

    @Override
    public boolean forked() {
      return !config.policy().trainerState().isEmpty();
    }

    @Override
    public Ledger ledger() {
      return LedgerReader.read(RunStreams.connection(config), RunStreams.topics(config));
    }

    @Override
    public Tape tape() {
      return Tape.of(RunStreams.connection(config), RunStreams.topics(config));
    }
  }
}
