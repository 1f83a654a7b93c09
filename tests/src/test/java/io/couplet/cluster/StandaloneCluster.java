package io.couplet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.couplet.local.process.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Flink cluster of separate JVMs with the class path of Flink's distribution: its own libraries
 * and, in lib/, what {@code flink-jobs/target/flink-lib} holds. Nothing of the jobs is on it, so
 * they come with the job jar or not at all.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Path BUILT = Path.of("..", "flink-jobs", "target").toAbsolutePath();

  /** Libraries that Flink's distribution brings, by their files. */
  private static final Pattern DISTRIBUTION =
      Pattern.compile(
          "(flink-(?!avro|connector-kafka|jobs|test).*|frocksdbjni|commons-(cli|lang3|text|math3|io"
              + "|collections)|kryo|minlog|objenesis|reflectasm|javassist|snakeyaml-engine"
              + "|snappy-java|lz4-java|slf4j-api|log4j-.*|jsr305|hash4j|async-profiler)-[0-9].*");

  private static final Duration CLIENT_PATIENCE = Duration.ofMinutes(2);

  /** What bin/taskmanager.sh computes; without it a TaskManager does not start. */
  private static final List<String> MEMORY =
      List.of(
          "-Dtaskmanager.cpu.cores=1.0",
          "-Dtaskmanager.memory.task.heap.size=512m",
          "-Dtaskmanager.memory.task.off-heap.size=0b",
          "-Dtaskmanager.memory.framework.heap.size=128m",
          "-Dtaskmanager.memory.framework.off-heap.size=128m",
          "-Dtaskmanager.memory.network.min=48m",
          "-Dtaskmanager.memory.network.max=48m",
          "-Dtaskmanager.memory.managed.size=128m",
          "-Dtaskmanager.memory.jvm-metaspace.size=256m",
          "-Dtaskmanager.memory.jvm-overhead.min=192m",
          "-Dtaskmanager.memory.jvm-overhead.max=192m");

  /** The distribution's own configuration asks for it, in env.java.opts.all. */
  private static final String OPEN = "--add-opens=java.base/java.util=ALL-UNNAMED";

  private final Path directory;
  private final FlinkRest rest;
  private final int restPort;
  private final int rpcPort;
  private final Map<String, JavaProcess> processes = new LinkedHashMap<>();

  private StandaloneCluster(Path directory, int restPort, int rpcPort) {
    this.directory = directory;
    this.rest = new FlinkRest("http://127.0.0.1:" + restPort);
    this.restPort = restPort;
    this.rpcPort = rpcPort;
  }

  /** Starts a JobManager and TaskManagers tm1, tm2, ...; {@link #awaitSlots} must follow. */
  static StandaloneCluster launch(Path directory, int taskManagers, int slotsOfEach)
      throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(directory, FreePorts.any(), FreePorts.any());
    cluster.configure(directory.resolve("checkpoints"), slotsOfEach);
    cluster.launch(
        "jobmanager",
        "256m",
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of(),
        Map.of());
    cluster.launchTaskManagers(taskManagers);
    return cluster;
  }

  /**
   * Starts a cluster that is made for one submission and ends with it: application mode. The
   * JobManager finds the job jar in {@code usrlib} and runs its main method with these arguments.
   */
  static StandaloneCluster launchApplication(
      Path directory, Path checkpoints, int slots, List<String> arguments) throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(directory, FreePorts.any(), FreePorts.any());
    cluster.configure(checkpoints, slots);
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(home.resolve("usrlib"));
    Files.createSymbolicLink(
        home.resolve("usrlib/couplet-jobs.jar"), BUILT.resolve("couplet-jobs.jar"));
    cluster.launch(
        "jobmanager",
        "256m",
        "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
        arguments,
        Map.of("FLINK_LIB_DIR", home.resolve("lib").toString()));
    cluster.launchTaskManagers(1);
    return cluster;
  }

  private void launchTaskManagers(int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      List<String> arguments = new ArrayList<>(MEMORY);
      arguments.add("-Dtaskmanager.resource-id=tm" + i);
      launch(
          "tm" + i,
          "640m",
          "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
          arguments,
          Map.of());
    }
  }

  private void configure(Path checkpoints, int slots) throws IOException {
    Map<String, String> keys = new TreeMap<>();
    for (String key :
        List.of(
            "rest.address",
            "rest.bind-address",
            "jobmanager.rpc.address",
            "jobmanager.bind-host",
            "taskmanager.host",
            "taskmanager.bind-host")) {
      keys.put(key, "127.0.0.1");
    }
    keys.put("rest.port", Integer.toString(restPort));
    keys.put("jobmanager.rpc.port", Integer.toString(rpcPort));
    keys.put("jobmanager.memory.process.size", "1g");
    keys.put("taskmanager.numberOfTaskSlots", Integer.toString(slots));
    keys.put("taskmanager.load-balance.mode", "SLOTS");
    keys.put("heartbeat.interval", "1000");
    keys.put("heartbeat.timeout", "5000");
    keys.put("metrics.fetcher.update-interval", "500");
    keys.put("execution.checkpointing.dir", checkpoints.toUri().toString());
    keys.put("execution.checkpointing.num-retained", "2");
    keys.put("io.tmp.dirs", Files.createDirectories(directory.resolve("tmp")).toString());
    keys.put("execution.target", "remote");
    Files.createDirectories(conf());
    Files.write(
        conf().resolve("config.yaml"),
        keys.entrySet().stream()
            .map(key -> key.getKey() + ": \"" + key.getValue() + "\"")
            .toList());
    Files.writeString(
        conf().resolve("log4j.properties"),
        """
        rootLogger.level = info
        rootLogger.appenderRef.out.ref = out
        appender.out.type = Console
        appender.out.name = out
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1.} %m%n
        """);
  }

  private void launch(
      String name,
      String heap,
      String main,
      List<String> arguments,
      Map<String, String> environment)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--configDir", conf().toString()));
    all.addAll(arguments);
    processes.put(
        name,
        JavaProcess.start(
            new JavaProcess.Program(
                name,
                logs(),
                classPath(),
                List.of(
                    OPEN,
                    "-Xmx" + heap,
                    "-XX:MaxDirectMemorySize=256m",
                    "-Dlog.file=" + logs().resolve(name + ".out"),
                    "-Dlog4j2.configurationFile=" + conf().resolve("log4j.properties")),
                environment,
                main,
                all)));
  }

  /** Submits the job jar as {@code flink run --detached} does; returns what it printed. */
  String flinkRun(String name, List<String> arguments) throws IOException, InterruptedException {
    return JavaProcess.run(client(name, List.of("run", "--detached"), arguments), CLIENT_PATIENCE);
  }

  /** The same, waiting for the end of the job. */
  JavaProcess.Ended flinkRunAttached(String name, List<String> arguments)
      throws IOException, InterruptedException {
    return JavaProcess.end(client(name, List.of("run"), arguments), CLIENT_PATIENCE);
  }

  private JavaProcess.Program client(String name, List<String> run, List<String> arguments) {
    List<String> all = new ArrayList<>(run);
    all.add(BUILT.resolve("couplet-jobs.jar").toString());
    all.addAll(arguments);
    return new JavaProcess.Program(
        name,
        logs(),
        classPath(),
        List.of(
            OPEN, "-Xmx512m", "-Dlog4j2.configurationFile=" + conf().resolve("log4j.properties")),
        Map.of("FLINK_CONF_DIR", conf().toString()),
        "org.apache.flink.client.cli.CliFrontend",
        all);
  }

  /** Returns when all slots are offered. */
  void awaitSlots(int slots) throws IOException, InterruptedException {
    while (rest.get("/overview").path("slots-total").asInt() < slots) {
      for (JavaProcess process : processes.values()) {
        process.requireAlive();
      }
      Thread.sleep(50);
    }
  }

  /** Name of the TaskManager that runs the tasks of a job. */
  String hostOf(String job) throws IOException, InterruptedException {
    String id = rest.jobs().get(job).path("jid").asText();
    for (JsonNode vertex : rest.get("/jobs/" + id).path("vertices")) {
      JsonNode tasks = rest.get("/jobs/" + id + "/vertices/" + vertex.path("id").asText());
      for (JsonNode task : tasks.path("subtasks")) {
        return task.path("taskmanager-id").asText();
      }
    }
    throw new AssertionError("The job " + job + " has no tasks");
  }

  void kill(String taskManager) throws InterruptedException {
    processes.remove(taskManager).kill();
  }

  /** What the TaskManagers that are left have printed. */
  String taskManagerLogs() throws IOException {
    StringBuilder logs = new StringBuilder();
    for (Map.Entry<String, JavaProcess> process : processes.entrySet()) {
      if (!process.getKey().equals("jobmanager")) {
        logs.append(process.getValue().printed());
      }
    }
    return logs.toString();
  }

  /** What the JobManager has printed. */
  String jobManagerLog() throws IOException {
    return processes.get("jobmanager").printed();
  }

  /** Where the jobs' checkpoints are. */
  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  FlinkRest rest() {
    return rest;
  }

  Path logs() {
    return directory.resolve("logs");
  }

  private Path conf() {
    return directory.resolve("conf");
  }

  private static String classPath() {
    try (Stream<Path> lib = Files.list(BUILT.resolve("flink-lib"))) {
      Stream<String> distribution =
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
              .filter(jar -> DISTRIBUTION.matcher(Path.of(jar).getFileName().toString()).matches());
      return Stream.concat(lib.map(Path::toString).sorted(), distribution)
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "flink-jobs/target/flink-lib is missing: build the module with mvn package", e);
    }
  }

  @Override
  public void close() {
    List<JavaProcess> last = new ArrayList<>(processes.values());
    java.util.Collections.reverse(last);
    last.forEach(JavaProcess::close);
  }
}
