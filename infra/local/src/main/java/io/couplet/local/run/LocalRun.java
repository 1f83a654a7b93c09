package io.couplet.local.run;

import io.couplet.bench.ProcessorTime;
import io.couplet.config.PolicySection;
import io.couplet.config.RunConfig;
import io.couplet.learner.FailurePoint;
import io.couplet.learner.LearnerJob;
import io.couplet.local.broker.BrokerProcess;
import io.couplet.local.broker.BrokerSettings;
import io.couplet.local.cluster.ClusterSettings;
import io.couplet.local.cluster.LocalCluster;
import io.couplet.local.process.ChildJvm;
import io.couplet.local.process.FreePorts;
import io.couplet.local.rundir.Endpoints;
import io.couplet.local.rundir.RunDirectory;
import io.couplet.local.rundir.RunManifest;
import io.couplet.schemas.KafkaConnection;
import io.couplet.schemas.ListeningBrokers;
import io.couplet.schemas.RunTopics;
import io.couplet.serde.RunStreams;
import io.couplet.submission.RunJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one run in local mode consists of: broker, workers, the cluster and its jobs.
 * Closing stops them in the order in which nothing is lost.
 */
final class LocalRun implements AutoCloseable {
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);
  private static final int MOST_RESTARTS = 20;

  private final RunConfig config;
  private Optional<BrokerProcess> broker;
  private final List<WorkerProcess> workers;
  private final LocalCluster cluster;
  private final Endpoints endpoints;
  private int restarts;

  private LocalRun(
      RunConfig config,
      Optional<BrokerProcess> broker,
      List<WorkerProcess> workers,
      LocalCluster cluster,
      Endpoints endpoints) {
    this.config = config;
    this.broker = broker;
    this.workers = workers;
    this.cluster = cluster;
    this.endpoints = endpoints;
  }

  /**
   * Starts everything but the jobs. The processes start side by side; this returns when all of them
   * answer.
   */
  static LocalRun start(RunDirectory directory, RunConfig config, Consumer<String> notes)
      throws Exception {
    Endpoints wanted = chooseEndpoints(directory, config);
    List<AutoCloseable> started = new ArrayList<>();
    try {
      Optional<BrokerProcess> broker = Optional.empty();
      if (config.kafka().bootstrapServers().isBlank()) {
        notes.accept("starting the broker, " + config.local().workers() + " worker(s) and Flink");
        broker = Optional.of(BrokerProcess.launch(broker(directory, wanted), directory.logs()));
        started.add(broker.get());
      } else {
        ListeningBrokers.require(RunStreams.connection(config), BROKER_PATIENCE);
      }
      PolicySection policy =
          RunConfiguration.live(config, wanted.kafka(), List.of(), directory.policies()).policy();
      List<WorkerProcess> workers = new ArrayList<>();
      for (int i = 1;
          config.workers().endpoints().isEmpty() && i <= config.local().workers();
          i++) {
        WorkerProcess worker = WorkerProcess.launch(i, policy, config.local(), directory.logs());
        started.add(worker);
        workers.add(worker);
      }
      LocalCluster cluster = LocalCluster.start(cluster(directory, config, wanted));
      started.add(cluster);
      for (WorkerProcess worker : workers) {
        worker.awaitReady();
      }
      if (broker.isPresent()) {
        broker.get().awaitReady();
      }
      List<String> addresses =
          workers.isEmpty()
              ? config.workers().endpoints()
              : workers.stream().map(WorkerProcess::address).toList();
      Endpoints endpoints =
          new Endpoints(
              wanted.pid(),
              wanted.kafka(),
              wanted.controllerPort(),
              wanted.web(),
              wanted.metrics(),
              addresses);
      endpoints.write(directory);
      RunConfig live =
          RunConfiguration.live(config, endpoints.kafka(), addresses, directory.policies());
      return new LocalRun(live, broker, workers, cluster, endpoints);
    } catch (Exception e) {
      for (AutoCloseable each : started) {
        each.close();
      }
      throw e;
    }
  }

  private static Endpoints chooseEndpoints(RunDirectory directory, RunConfig config)
      throws IOException {
    Optional<Endpoints> before = Endpoints.read(directory);
    boolean ownBroker = config.kafka().bootstrapServers().isBlank();
    int kafka =
        ownBroker
            ? FreePorts.choose(
                config.local().kafkaPort(),
                before.map(Endpoints::kafkaPort).orElse(0),
                "local.kafka_port")
            : 0;
    int controller =
        FreePorts.choose(0, before.map(Endpoints::controllerPort).orElse(0), "controller");
    int web =
        FreePorts.choose(
            config.local().webPort(), before.map(Endpoints::webPort).orElse(0), "local.web_port");
    return new Endpoints(
        ProcessHandle.current().pid(),
        ownBroker ? "127.0.0.1:" + kafka : config.kafka().bootstrapServers(),
        controller,
        "http://127.0.0.1:" + web,
        "http://127.0.0.1:" + FreePorts.any() + "/metrics",
        List.of());
  }

  private static BrokerSettings broker(RunDirectory directory, Endpoints endpoints) {
    return new BrokerSettings(
        directory.kafka(), endpoints.kafkaPort(), endpoints.controllerPort(), Map.of());
  }

  private static ClusterSettings cluster(
      RunDirectory directory, RunConfig config, Endpoints endpoints) {
    return new ClusterSettings(
        directory.checkpoints(),
        directory.scratch(),
        Path.of(System.getProperty("log.file", directory.logs().resolve("run.log").toString())),
        endpoints.webPort(),
        endpoints.metricsPort(),
        RunJob.values().length,
        config.flink().parallelism(),
        Duration.ofMillis(config.flink().checkpointIntervalMs()));
  }

  /** Makes the topics, feeds the problems on the first start, and submits the jobs. */
  void submitJobs(RunDirectory directory, Consumer<String> notes) throws Exception {
    submitJobs(directory, FailurePoint.NONE, notes);
  }

  /**
   * The same with a learner that can be made to fail.
   *
   * @param learner where it does; serialized into the job
   */
  void submitJobs(RunDirectory directory, FailurePoint learner, Consumer<String> notes)
      throws Exception {
    RunPreparation.prepare(kafka(), topics(), config);
    RunManifest manifest = RunManifest.open(directory);
    if (manifest.problemsSent() == 0) {
      int sent = ProblemFeed.send(kafka(), topics(), config);
      manifest.withProblemsSent(Math.max(1, sent)).write(directory);
      notes.accept("sent " + sent + " problems");
    }
    for (RunJob job : RunJob.of(config)) {
      cluster.submit(
          job.nameIn(config),
          job == RunJob.LEARNER
              ? environment -> LearnerJob.define(config, environment, learner)
              : environment -> job.define(config, environment));
    }
  }

  /** Stops what makes updates; evaluations go on. */
  void stopUpdating() throws InterruptedException {
    cluster.stopJobs(
        RunJob.of(config).stream().filter(RunJob::updates).map(job -> job.nameIn(config)).toList());
  }

  /**
   * How the run is.
   *
   * @param end why it cannot go on, in a sentence
   * @param trouble what mends itself but a person should know of, in a sentence
   */
  record Condition(Optional<String> end, Optional<String> trouble) {
    static Condition ends(String reason) {
      return new Condition(Optional.of(reason), Optional.empty());
    }
  }

  /** Looks after the jobs and the processes: a worker or a broker that died is started again. */
  Condition check() throws InterruptedException, IOException {
    if (broker.isPresent() && !broker.get().jvm().isAlive()) {
      Optional<String> end = died(broker.get().jvm());
      if (end.isPresent()) {
        return Condition.ends(end.get());
      }
      broker = Optional.of(broker.get().again());
    }
    for (int i = 0; i < workers.size(); i++) {
      WorkerProcess worker = workers.get(i);
      if (!worker.jvm().isAlive()) {
        Optional<String> end = died(worker.jvm());
        if (end.isPresent()) {
          return Condition.ends(end.get());
        }
        workers.set(i, worker.again());
      }
    }
    LocalCluster.Health jobs = cluster.health();
    return new Condition(jobs.failure(), jobs.restart());
  }

  /** Whether a process has died too often to be started once more; the reason if so. */
  private Optional<String> died(ChildJvm jvm) {
    String end = endOf(jvm);
    LOG.error(end);
    if (restarts++ >= MOST_RESTARTS) {
      return Optional.of(end + " Processes have died " + MOST_RESTARTS + " times in this session.");
    }
    return Optional.empty();
  }

  /** Kills a worker, as kill -9 does; {@link #check} starts it again and does not count it. */
  void killWorker(int index) throws InterruptedException {
    restarts--;
    workers.get(index).jvm().kill();
  }

  /** Kills the broker, as kill -9 does; {@link #check} starts it again and does not count it. */
  void killBroker() throws InterruptedException {
    restarts--;
    broker.orElseThrow().jvm().kill();
  }

  /** Ends Flink's TaskManager, and with it the tasks of every job. */
  void loseTaskManager() throws Exception {
    cluster.loseTaskManager();
  }

  private static String endOf(ChildJvm jvm) {
    try {
      jvm.requireAlive();
      return "The " + jvm.name() + " process is alive";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  KafkaConnection kafka() {
    return new KafkaConnection(config.kafka().bootstrapServers(), config.kafka().properties());
  }

  RunTopics topics() {
    return new RunTopics(config.kafka().topicPrefix(), config.name());
  }

  /** Processor seconds used so far by everything that the run consists of. */
  ProcessorTime processorTime() throws IOException {
    return ProcessorTime.now(
        workers.stream().map(worker -> worker.jvm().pid()).toList(),
        broker.stream().map(process -> process.jvm().pid()).toList());
  }

  Endpoints endpoints() {
    return endpoints;
  }

  /** Last checkpoints first, while broker and workers still answer. */
  void stopJobs() throws InterruptedException {
    cluster.stopJobs();
  }

  @Override
  public void close() throws Exception {
    try {
      cluster.close();
    } finally {
      workers.forEach(WorkerProcess::close);
      broker.ifPresent(BrokerProcess::close);
    }
  }
}
