package io.couplet.local;

import static io.couplet.local.ScriptedRun.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.couplet.local.rundir.Endpoints;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.topics.TopicReader;
import io.couplet.local.topics.TopicWriter;
import io.couplet.problems.Problem;
import io.couplet.problems.ProblemGenerator;
import io.couplet.problems.ProblemSplit;
import io.couplet.rollout.ProblemRecords;
import io.couplet.schemas.Group;
import io.couplet.schemas.GroupSource;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.Policy;
import io.couplet.schemas.RecordCodec;
import io.couplet.schemas.Reward;
import io.couplet.schemas.RewardSource;
import io.couplet.schemas.Rollout;
import io.couplet.schemas.RunTopics;
import io.couplet.schemas.Topic;
import io.couplet.schemas.TopicProvisioner;
import io.couplet.worker.scripted.PolicyTokens;
import io.couplet.worker.scripted.Script;
import io.couplet.worker.scripted.ScriptedFault;
import io.couplet.worker.scripted.ScriptedWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One run, never restarted, that gets every kind of bad input among good problems: bytes that are
 * no records, problems that are none, rewards that are no numbers, workers that answer nonsense.
 * Each has its outcome, every good problem is accounted for, no reward is one that nobody gave, and
 * updates go on.
 */
@Timeout(600)
class BadInputRunIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int HUGE = 20 << 20;
  private static final String STRANGER = "stranger";

  /** Good problems whose first answer is nonsense, from {@link #SPOILED} on. */
  private static final List<ScriptedFault> FAULTS =
      List.of(
          ScriptedFault.SHORT_COMPLETION,
          ScriptedFault.NEGATIVE_TOKEN,
          ScriptedFault.NOT_A_NUMBER,
          ScriptedFault.OTHER_GROUP,
          ScriptedFault.MISSING_MEMBER,
          ScriptedFault.UNKNOWN_TOKEN);

  private static final int SPOILED = 24;
  private static final int UNKNOWN_TOKEN = SPOILED + FAULTS.size() - 1;
  private static final int NAN = 32;
  private static final int OUT_OF_RANGE = 34;

  @TempDir private Path directory;
  private final List<Problem> good = new ProblemGenerator(ProblemSplit.TRAINING, 1).distinct(56);
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ScriptedRun run;
  private Process process;
  private KafkaConnection kafka;
  private final RunTopics topics = new RunTopics("couplet", "r");
  private TopicWriter writer;
  private BadRecords bad;

  @BeforeEach
  void startRun() throws Exception {
    Path policy = SmallPolicy.write(directory.resolve("policy"));
    List<String> workers = List.of(worker(policy), worker(policy));
    Files.writeString(
        directory.resolve("run.yaml"),
        """
        name: r
        policy: {initial: policy}
        problems: {source: none, epochs: 1, max_prompt_tokens: 200}
        workers: {endpoints: %s}
        groups: {size: 4}
        admission: {groups_per_update: 2}
        decoding: {length: 48}
        evaluation: {every: 0}
        """
            .formatted(workers));
    run = ScriptedRun.at(directory);
    process = run.couplet("run", "run", "--config", "run.yaml");
    open.add(0, process::destroyForcibly);
    kafka = KafkaConnection.plain(kafkaOf(new RunDirectory(directory.resolve("runs/r"))));
    writer = new TopicWriter(kafka, topics);
    open.add(0, writer);
    bad = new BadRecords(kafka, topics);
    open.add(0, bad);
  }

  @AfterEach
  void closeEverything() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void everyBadInputHasItsOutcomeAndTheRunGoesOn() throws Exception {
    sendGood(0, 12);
    run.awaitUpdates(process, "run", 2);
    Process add =
        run.couplet(
            "add",
            "rewards",
            "add",
            PluggedInSource.NAME,
            "--name",
            "r",
            "--weight",
            "0.5",
            "--required");
    assertThat(end(add)).as(run.printed("add")).isZero();
    PluggedInSource source = new PluggedInSource(kafka, topics, this::mistaken);
    open.add(0, source);
    sendGood(12, 20);
    await(Topic.GROUPS, groups -> groups.stream().anyMatch(BadInputRunIT::hasPluggedIn));

    sendBadProblems();
    sendBadRecords();
    sendBadRewards();
    sendGood(36, 40);
    await(Topic.GROUPS, groups -> groups.size() >= 41);
    await(Topic.DEAD_LETTERS, letters -> letters.size() >= bad.lettersToCome());
    int before = run.steps().size();
    sendGood(40, good.size());
    run.awaitUpdates(process, "run", before + 3);
    List<Group> tape = await(Topic.GROUPS, groups -> groups.size() >= good.size() + 1);

    bad.requireLetters(all(Topic.DEAD_LETTERS));
    new AccountOfProblems(tape, all(Topic.LEDGER), all(Topic.ROLLOUTS))
        .dropped("too-long@0", "DROPPED:GENERATION_FAILED:PROMPT_TOO_LONG")
        .dropped(group(NAN), "DROPPED:NO_VALUE:" + PluggedInSource.NAME)
        .dropped(group(OUT_OF_RANGE), "DROPPED:NO_VALUE:" + PluggedInSource.NAME)
        .dropped(group(UNKNOWN_TOKEN), "INVALID:member 3 has token 2147483647")
        .require(good.stream().map(problem -> problem.id() + "@0").toList(), 40);
    requireNoTombstoneInPlaceOfWhatWasNotKept();
    requireRewardsThatWereGiven(tape);
    requireRejectedAnswers();
    requireWholeRun();
  }

  private String worker(Path policy) throws Exception {
    List<Script.Entry> entries = new ArrayList<>();
    for (Problem problem : good) {
      entries.add(entry(problem.id(), problem.solution()));
    }
    entries.add(entry("too-long", "    return x"));
    PolicyTokens tokens = PolicyTokens.read(policy);
    ScriptedWorker worker =
        ScriptedWorker.start(
            ScriptedWorker.Options.of(Script.of(entries))
                .withTokens(tokens)
                .withFaults((request, attempt) -> fault(request.getGroup())));
    open.add(worker);
    open.add(tokens);
    return worker.address().toString();
  }

  private static Script.Entry entry(String problem, String solution) {
    return new Script.Entry(problem, List.of(solution), List.of("    return None"), 0.5);
  }

  /** The first answer about some groups, whichever worker gives it. */
  private ScriptedFault fault(String group) {
    for (int i = 0; i < FAULTS.size(); i++) {
      if (group.equals(group(SPOILED + i)) && asked.add(group)) {
        return FAULTS.get(i);
      }
    }
    return ScriptedFault.NONE;
  }

  private String group(int problem) {
    return good.get(problem).id() + "@0";
  }

  private String kafkaOf(RunDirectory place) throws Exception {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<Endpoints> endpoints = Endpoints.read(place);
      if (endpoints.isPresent()) {
        return endpoints.get().kafka();
      }
      assertThat(process.isAlive()).as(run.printed("run")).isTrue();
      assertThat(System.nanoTime()).as(run.printed("run")).isLessThan(giveUp);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void sendGood(int from, int to) throws Exception {
    writer.send(
        Topic.PROBLEMS, good.subList(from, to).stream().map(ProblemRecords::toRecord).toList());
    writer.flush();
  }

  private byte[] bytes(io.couplet.schemas.Problem problem) {
    return RecordCodec.of(Topic.PROBLEMS).encode(problem);
  }

  /** Each between two good ones. */
  private void sendBadProblems() throws Exception {
    io.couplet.schemas.Problem example = ProblemRecords.toRecord(good.get(0));
    sendGood(20, 23);
    // A good one without a key.
    byte[] keyless = bytes(ProblemRecords.toRecord(good.get(23)));
    writer.sendRaw(new ProducerRecord<>(Topic.PROBLEMS.in(topics), null, keyless));
    bad.sendDamaged(Topic.PROBLEMS, bytes(example), "rollout");
    sendGood(24, 27);
    bad.send(
        Topic.PROBLEMS,
        "untested",
        bytes(problem("untested", example.getPrompt(), List.of())),
        "has no tests",
        "rollout");
    sendGood(27, 29);
    bad.send(Topic.PROBLEMS, "gone", null, "a key without a value", "rollout");
    sendGood(29, 31);
    String longPrompt = example.getPrompt() + "    x = 1\n".repeat(100);
    writer.send(Topic.PROBLEMS, List.of(problem("too-long", longPrompt, example.getTests())));
    // Our own writer refuses as much.
    byte[] huge =
        BadRecords.bytes(problem("huge", "x".repeat(HUGE), example.getTests()).toByteBuffer());
    assertThat(bad.refusalOf(Topic.PROBLEMS, huge)).isInstanceOf(RecordTooLargeException.class);
    sendGood(31, 33);
    bad.sendHuge(Topic.PROBLEMS, huge, "rollout");
    sendGood(33, 36);
  }

  private static io.couplet.schemas.Problem problem(String id, String prompt, List<String> tests) {
    return io.couplet.schemas.Problem.newBuilder()
        .setId(id)
        .setPrompt(prompt)
        .setTests(tests)
        .build();
  }

  private void sendBadRecords() throws Exception {
    Rollout rollout = all(Topic.ROLLOUTS).get(0);
    bad.sendDamaged(
        Topic.ROLLOUTS, RecordCodec.of(Topic.ROLLOUTS).encode(rollout), "reward", "advantage");
    Policy policy = all(Topic.POLICIES).get(0);
    bad.sendDamaged(Topic.POLICIES, RecordCodec.of(Topic.POLICIES).encode(policy), "rollout");
    bad.sendDamaged(
        Topic.REWARD_SOURCES,
        RecordCodec.of(Topic.REWARD_SOURCES)
            .encode(new RewardSource(STRANGER, 1.0, true, 1_000L, 0.0, 1.0)),
        "advantage");
  }

  private void sendBadRewards() throws Exception {
    bad.sendDamaged(
        Topic.rewards("tests"),
        BadRecords.bytes(PluggedInSource.reward("tests", group(0), 0, 1)),
        "advantage");
    byte[] strange = BadRecords.bytes(PluggedInSource.reward(STRANGER, group(0), 0, 1));
    bad.send(
        Topic.rewards(PluggedInSource.NAME),
        group(0),
        strange,
        "found one of '" + STRANGER + "'",
        "advantage");
    try (TopicProvisioner provisioner =
        new TopicProvisioner(kafka, topics, 2, 1, Duration.ofSeconds(60))) {
      provisioner.provision(Topic.rewards(STRANGER));
    }
    bad.send(
        Topic.rewards(STRANGER),
        group(0),
        strange,
        "add it with: couplet rewards add " + STRANGER,
        "advantage");
  }

  /** What the plugged-in source does to one member of each of two groups. */
  private boolean mistaken(Rollout rollout) throws Exception {
    Topic<Reward> topic = Topic.rewards(PluggedInSource.NAME);
    String group = rollout.getGroup();
    if (group.equals(group(NAN)) && rollout.getMember() == 1) {
      Reward reward = PluggedInSource.reward(PluggedInSource.NAME, group, 1, Double.NaN);
      bad.send(topic, group, BadRecords.bytes(reward), "found NaN", "advantage");
      return true;
    }
    if (group.equals(group(OUT_OF_RANGE)) && rollout.getMember() == 2) {
      Reward reward = PluggedInSource.reward(PluggedInSource.NAME, group, 2, 7.5);
      bad.send(topic, group, bad.inASchemaOfItsOwn(reward), "found 7.5", "advantage");
      return true;
    }
    return false;
  }

  private static boolean hasPluggedIn(Group group) {
    return group.getSources().stream()
        .map(GroupSource::getName)
        .anyMatch(PluggedInSource.NAME::equals);
  }

  /** The huge problem is not in its letter; sent again it would be a key without a value. */
  private void requireNoTombstoneInPlaceOfWhatWasNotKept() throws Exception {
    Process redrive = run.couplet("redrive", "dead-letters", "redrive", "--all", "--name", "r");
    assertThat(end(redrive)).as(run.printed("redrive")).isEqualTo(2);
    assertThat(run.printed("redrive")).contains("were not kept");
  }

  private void requireRewardsThatWereGiven(List<Group> tape) {
    List<Reward> given = new ArrayList<>(all(Topic.rewards("tests")));
    given.addAll(all(Topic.rewards(PluggedInSource.NAME)));
    new AccountOfRewards(given).require(tape);
    assertThat(given).extracting(Reward::getGroup).doesNotContain("too-long@0", "untested@0");
    assertThat(tape.stream().filter(BadInputRunIT::hasPluggedIn).count())
        .as("groups with both sources")
        .isGreaterThan(30);
  }

  private void requireRejectedAnswers() throws Exception {
    String log = run.log();
    for (int i = SPOILED; i < UNKNOWN_TOKEN; i++) {
      assertThat(log)
          .containsPattern("Group \\Q" + group(i) + "\\E call 1: worker \\S+ failed \\(GARBAGE\\)");
    }
  }

  /** Ends it as Ctrl-C does. */
  private void requireWholeRun() throws Exception {
    assertThat(process.isAlive()).as(run.printed("run")).isTrue();
    process.destroy();
    assertThat(end(process)).as(run.printed("run")).isEqualTo(130);
    assertThat(run.log()).doesNotContain("RESTARTING").doesNotContain("FAILED");
    assertThat(end(run.couplet("replay", "replay", "r"))).as(run.printed("replay")).isZero();
    assertThat(run.printed("replay")).contains("verified:").doesNotContain("NOT");
  }

  private <T extends SpecificRecordBase> List<T> all(Topic<T> topic) {
    return TopicReader.all(kafka, topics, topic);
  }

  private <T extends SpecificRecordBase> List<T> await(Topic<T> topic, Predicate<List<T>> enough)
      throws Exception {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<T> records = all(topic);
      if (enough.test(records)) {
        return records;
      }
      assertThat(process.isAlive()).as(run.printed("run")).isTrue();
      assertThat(System.nanoTime())
          .as("%d records on %s; %s", records.size(), topic.entity(), run.printed("run"))
          .isLessThan(giveUp);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }
}
