package io.couplet.cli;

import io.couplet.config.ConfigYaml;
import io.couplet.config.RunConfig;
import io.couplet.learner.FailurePoint;
import io.couplet.learner.KafkaJournal;
import io.couplet.learner.Learner;
import io.couplet.learner.LearnerGauges;
import io.couplet.learner.LearnerJournal;
import io.couplet.learner.LearnerSettings;
import io.couplet.learner.LearnerStore;
import io.couplet.learner.PolicyTrainer;
import io.couplet.learner.Trainer;
import io.couplet.learning.AdamWSettings;
import io.couplet.learning.TrainableWeights;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.broker.EmbeddedBroker;
import io.couplet.local.process.FreePorts;
import io.couplet.local.run.RunPreparation;
import io.couplet.local.rundir.Endpoints;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunLock;
import io.couplet.local.rundir.RunManifest;
import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.model.ModelConfig;
import io.couplet.pretraining.InitialWeights;
import io.couplet.random.RandomStream;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupMember;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.GroupStatus;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.LedgerEntry;
import io.couplet.schemas.Policy;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.SourceReward;
import io.couplet.schemas.Topic;
import io.couplet.serde.RunStreams;
import io.couplet.store.ObjectStores;
import io.couplet.torch.ComputeDevice;
import io.couplet.torch.DreamModule;
import io.couplet.torch.DreamWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Runs that have been made: a real learner with a real, tiny policy has read a tape and written
 * ledger, policies and trainer states, on a broker that is going. Commands find them as runs in
 * progress. What a run shall have suffered since is given when it is made.
 */
final class RecordedRuns implements AutoCloseable {
  static final int LENGTH = 6;
  static final int STEPS = 6;

  private final Path directory;
  private final Path policy;
  private final BrokerSettings settings;
  private final List<RunLock> locks = new ArrayList<>();
  private EmbeddedBroker broker;

  /**
   * @param directory becomes {@code runs/} of the commands
   */
  RecordedRuns(Path directory) throws IOException {
    this.directory = directory;
    System.setProperty(RunDirectory.RUNS_PROPERTY, directory.resolve("runs").toString());
    System.setProperty("couplet.torch.threads", "1");
    policy = tinyPolicy(directory.resolve("policy"));
    settings =
        new BrokerSettings(directory.resolve("kafka"), FreePorts.any(), FreePorts.any(), Map.of());
    broker = EmbeddedBroker.start(settings);
  }

  private static Path tinyPolicy(Path directory) throws IOException {
    ModelConfig model =
        new ModelConfig(
            "Dream", 13, 16, 20, 2, 2, 1, 64, 100, 1e-6, false, true, 2, 0, 1, 1, "float32");
    Files.createDirectories(directory);
    DreamModule module = new DreamModule(model, ComputeDevice.CPU);
    DreamWeights weights = DreamWeights.zeros(module);
    weights.fill(new InitialWeights(model, 3));
    try (TrainableWeights trainable =
        new TrainableWeights(module, weights, AdamWSettings.paper())) {
      trainable.writePolicy(directory, null);
    }
    return directory;
  }

  /** Damage that is done while the run is recorded. */
  record Damage(Set<Integer> unreadableOnTape, UnaryOperator<LedgerEntry> ledger) {
    static final Damage NONE = new Damage(Set.of(), entry -> entry);

    static Damage unreadable(Integer... offsets) {
      return new Damage(Set.of(offsets), entry -> entry);
    }

    static Damage ledger(UnaryOperator<LedgerEntry> change) {
      return new Damage(Set.of(), change);
    }
  }

  /** A run of {@link #STEPS} updates; trainer states of every second one are kept. */
  RunDirectory record(String name) throws Exception {
    return record(name, Damage.NONE);
  }

  RunDirectory record(String name, Damage damage) throws Exception {
    return record(name, damage, List.of());
  }

  /**
   * @param others {@code a.b=c}, laid over the settings of every recorded run
   */
  RunDirectory record(String name, Damage damage, List<String> others) throws Exception {
    RunDirectory run = RunDirectory.of(name);
    RunConfig config = ConfigYaml.with(configuration(name), others);
    locks.add(RunLock.tryTake(run).orElseThrow());
    RunManifest.open(run);
    Files.writeString(run.config(), ConfigYaml.write(config));
    new Endpoints(1, settings.bootstrapServers(), 0, "", "", List.of()).write(run);
    RunConfig live =
        ConfigYaml.with(
            config,
            List.of(
                "kafka.bootstrap_servers='" + settings.bootstrapServers() + "'",
                "policy.store='" + run.policies().toUri() + "'"));
    RunTopics topics = RunStreams.topics(live);
    RunPreparation.prepare(kafka(), topics, live);
    List<Group> tape = tape(name);
    write(topics, tape, damage.unreadableOnTape());
    learn(live, topics, tape, damage.ledger());
    return run;
  }

  private RunConfig configuration(String name) {
    return ConfigYaml.with(
        RunConfig.defaults(),
        List.of(
            "name=" + name,
            "seed=5",
            "policy.initial='" + policy + "'",
            "policy.keep_every=2",
            "decoding.length=" + LENGTH,
            "scoring.inner_iterations=1",
            "admission.groups_per_update=2",
            "learner.threads=1"));
  }

  private void write(RunTopics topics, List<Group> tape, Set<Integer> unreadable) throws Exception {
    try (TopicWriter writer = new TopicWriter(kafka(), topics)) {
      for (int offset = 0; offset < tape.size(); offset++) {
        if (unreadable.contains(offset)) {
          writer.sendRaw(
              new ProducerRecord<>(
                  Topic.GROUPS.in(topics),
                  "tape".getBytes(StandardCharsets.UTF_8),
                  new byte[] {1, 2, 3}));
        } else {
          writer.send(Topic.GROUPS, List.of(tape.get(offset)));
        }
      }
      writer.flush();
    }
  }

  private void learn(
      RunConfig config, RunTopics topics, List<Group> tape, UnaryOperator<LedgerEntry> change)
      throws IOException {
    try (LearnerStore store =
            new LearnerStore(
                ObjectStores.open(config.policy().store()), directory.resolve("scratch"));
        Trainer trainer = PolicyTrainer.open(config, policy);
        KafkaJournal journal = new KafkaJournal(kafka(), topics, -1)) {
      Learner learner =
          Learner.begin(
              LearnerSettings.of(config),
              new Learner.Surroundings(
                  trainer,
                  store,
                  new AlteringJournal(journal, change),
                  FailurePoint.NONE,
                  new LearnerGauges()),
              false);
      for (int offset = 0; offset < tape.size(); offset++) {
        learner.read(offset, tape.get(offset));
      }
    }
  }

  /** Writes other ledger records than the learner made. */
  private record AlteringJournal(LearnerJournal journal, UnaryOperator<LedgerEntry> change)
      implements LearnerJournal {
    @Override
    public long fence() {
      return journal.fence();
    }

    @Override
    public Optional<String> weightsInLedger(long step) {
      return journal.weightsInLedger(step);
    }

    @Override
    public void credit(Policy credit) throws IOException {
      journal.credit(credit);
    }

    @Override
    public void announce(Policy announced, LedgerEntry entry) throws IOException {
      journal.announce(announced, change.apply(entry));
    }

    @Override
    public void halt(LedgerEntry entry) throws IOException {
      journal.halt(entry);
    }

    @Override
    public void close() {
      journal.close();
    }
  }

  /** Two usable groups for each update, and one without variance before each second one. */
  static List<Group> tape(String run) {
    List<Group> tape = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      long version = Math.max(0, step - 1);
      if (step % 2 == 1) {
        tape.add(group(run, "flat" + step, version, 0f));
      }
      tape.add(group(run, "a" + step, version, 0.5f));
      tape.add(group(run, "b" + step, version, -0.25f));
    }
    return tape;
  }

  private static Group group(String run, String id, long version, float advantage) {
    List<GroupMember> members = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      RandomStream stream = RandomStream.named(1, "tape", id, m);
      List<Integer> completion = new ArrayList<>();
      for (int k = 0; k < LENGTH; k++) {
        completion.add(3 + stream.nextInt(10));
      }
      double reward = 0.5 + (m == 0 ? advantage : -advantage);
      members.add(
          GroupMember.newBuilder()
              .setMember(m)
              .setPolicyVersion(version)
              .setPolicySha256("")
              .setPromptIds(List.of(4, 5, 6))
              .setCompletionIds(completion)
              .setBehaviourScores(List.of(Collections.nCopies(LENGTH, -3f)))
              .setRewards(
                  List.of(
                      new SourceReward("tests", reward, null),
                      new SourceReward("style", null, "NOT_THERE_AT_CLOSING")))
              .setReward(reward)
              .setAdvantage(m == 0 ? advantage : -advantage)
              .build());
    }
    return Group.newBuilder()
        .setRun(run)
        .setGroup(id)
        .setSequence(0)
        .setEpoch(0)
        .setProblemId("p-" + id)
        .setStatus(GroupStatus.COMPLETE)
        .setSources(
            List.of(new GroupSource("tests", 1.0, true), new GroupSource("style", 1.0, false)))
        .setMembers(members)
        .setMinPolicyVersion(version)
        .setMaxPolicyVersion(version)
        .setOpenedMs(0)
        .setClosedMs(0)
        .build();
  }

  KafkaConnection kafka() {
    return KafkaConnection.plain(settings.bootstrapServers());
  }

  List<LedgerEntry> ledger(RunDirectory run) {
    return TopicReader.all(kafka(), topics(run), Topic.LEDGER);
  }

  static RunTopics topics(RunDirectory run) {
    return new RunTopics("couplet", run.name());
  }

  /** Where the broker keeps the records of a single-partition topic. */
  Path segmentOf(Topic<?> topic, RunDirectory run) {
    return settings
        .directory()
        .resolve(topic.in(topics(run)) + "-0")
        .resolve("00000000000000000000.log");
  }

  void stopBroker() {
    broker.close();
  }

  void startBroker() throws IOException {
    broker = EmbeddedBroker.start(settings);
  }

  @Override
  public void close() throws IOException {
    broker.close();
    for (RunLock lock : locks) {
      lock.close();
    }
    System.clearProperty(RunDirectory.RUNS_PROPERTY);
  }
}
