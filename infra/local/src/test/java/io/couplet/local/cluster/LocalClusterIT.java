package io.couplet.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.couplet.files.FileTrees;
import io.couplet.local.process.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterIT {
  private static final String JOB = "counting";
  private static final AtomicLong COUNTED = new AtomicLong();
  private static final AtomicLong RESTORED = new AtomicLong();

  @TempDir private Path temporary;

  @Test
  void aJobGoesOnFromItsNewestReadableCheckpoint() throws Exception {
    long atFirstStop = runUntilCounted(50);
    assertThat(RESTORED).hasValue(0);

    long atSecondStop = runUntilCounted(atFirstStop + 50);
    assertThat(RESTORED.get()).isBetween(1L, atFirstStop);

    flipABitOfTheCountInNewest(atSecondStop);
    long atThirdStop = runUntilCounted(atSecondStop + 10);
    assertThat(RESTORED.get()).isBetween(1L, atSecondStop);

    damageNewest();
    runUntilCounted(atThirdStop + 10);
    assertThat(RESTORED.get()).isBetween(1L, atThirdStop);

    damageAll();
    assertThatThrownBy(() -> runUntilCounted(1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can be read")
        .hasMessageContaining("couplet fork");
  }

  @Test
  void checkpointsAreSealedWhileTheirJobRuns() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(settings(FreePorts.any()))) {
      Path seals =
          temporary
              .resolve("checkpoints")
              .resolve(cluster.submit(JOB, LocalClusterIT::define).toHexString())
              .resolve("seals");
      for (int i = 0; i < 3_000 && !Files.exists(seals.resolve("chk-5")); i++) {
        assertThat(cluster.health().failure()).isEmpty();
        Thread.sleep(5);
      }
      assertThat(seals).isNotEmptyDirectory();
    }
  }

  @Test
  void theWebInterfaceTakesNoJobsAndMetricsAreServedOnLoopback() throws Exception {
    int metrics = FreePorts.any();
    try (LocalCluster cluster = LocalCluster.start(settings(metrics))) {
      cluster.submit(JOB, LocalClusterIT::define);
      assertThat(get(cluster.web() + "/overview").statusCode()).isEqualTo(200);
      assertThat(get(cluster.web() + "/jobs/overview").body()).contains(JOB);
      HttpRequest upload =
          HttpRequest.newBuilder(URI.create(cluster.web() + "/jars/upload"))
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      assertThat(HttpClient.newHttpClient().send(upload, BodyHandlers.ofString()).statusCode())
          .isEqualTo(404);
      assertThat(get("http://127.0.0.1:" + metrics + "/metrics").body())
          .contains("flink_jobmanager_numRunningJobs");
      assertThat(cluster.health().failure()).isEmpty();
    }
  }

  @Test
  void jobsInTroubleAreNamedWithTheReason() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(settings(FreePorts.any()))) {
      cluster.submit("again and again", LocalClusterIT::defineFailing);
      LocalCluster.Health health = cluster.health();
      for (int i = 0; i < 3_000 && health.restart().isEmpty(); i++) {
        Thread.sleep(5);
        health = cluster.health();
      }
      assertThat(health.failure()).isEmpty();
      assertThat(health.restart().orElseThrow())
          .startsWith("The job again and again is starting again after a failure: ")
          .contains("out of ink");
      cluster.stopJobs();

      cluster.submit(
          "once",
          environment -> {
            environment.configure(
                Configuration.fromMap(Map.of("restart-strategy.type", "disable")));
            defineFailing(environment);
          });
      for (int i = 0; i < 3_000 && health.failure().isEmpty(); i++) {
        Thread.sleep(5);
        health = cluster.health();
      }
      assertThat(health.failure().orElseThrow())
          .startsWith("The job once has failed: ")
          .contains("out of ink");
    }
  }

  private static void defineFailing(StreamExecutionEnvironment environment) {
    environment
        .fromSequence(0, Long.MAX_VALUE)
        .map(
            (MapFunction<Long, Long>)
                number -> {
                  throw new IOException("out of ink");
                })
        .returns(Types.LONG)
        .sinkTo(new DiscardingSink<>());
  }

  private long runUntilCounted(long enough) throws Exception {
    COUNTED.set(0);
    RESTORED.set(0);
    try (LocalCluster cluster = LocalCluster.start(settings(FreePorts.any()))) {
      cluster.submit(JOB, LocalClusterIT::define);
      while (COUNTED.get() < enough) {
        assertThat(cluster.health().failure()).isEmpty();
        Thread.sleep(20);
      }
      cluster.stopJobs();
      return COUNTED.get();
    }
  }

  private ClusterSettings settings(int metricsPort) throws IOException {
    return new ClusterSettings(
        temporary.resolve("checkpoints"),
        temporary.resolve("scratch"),
        temporary.resolve("run.log"),
        FreePorts.any(),
        metricsPort,
        1,
        1,
        Duration.ofMillis(100));
  }

  /** Without a seal the job would go on with another count. */
  private void flipABitOfTheCountInNewest(long atStop) throws IOException {
    Path newest = metadata().get(metadata().size() - 1);
    byte[] bytes = Files.readAllBytes(newest);
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    int at = 0;
    while (numbers.getLong(at) < atStop / 2 || numbers.getLong(at) > atStop) {
      at++;
    }
    bytes[at] ^= 0x40;
    Files.write(newest, bytes);
  }

  private void damageNewest() throws IOException {
    Files.writeString(metadata().get(metadata().size() - 1), "damaged");
  }

  private void damageAll() throws IOException {
    for (Path file : metadata()) {
      Files.writeString(file, "damaged");
    }
  }

  private List<Path> metadata() throws IOException {
    return FileTrees.filesBelow(temporary.resolve("checkpoints")).stream()
        .filter(file -> file.endsWith("_metadata"))
        .sorted(Comparator.comparingInt(LocalClusterIT::number))
        .toList();
  }

  private static int number(Path metadata) {
    return Integer.parseInt(metadata.getParent().getFileName().toString().replace("chk-", ""));
  }

  private static HttpResponse<String> get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
  }

  private static void define(StreamExecutionEnvironment environment) {
    environment
        .fromSequence(0, Long.MAX_VALUE)
        .uid("numbers")
        .map(new Counting())
        .returns(Types.LONG)
        .uid("counting")
        .sinkTo(new DiscardingSink<>())
        .uid("end");
  }

  /** Counts what it sees, slowly, and remembers the count. */
  private static final class Counting implements MapFunction<Long, Long>, CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private transient ListState<Long> kept;
    private long count;

    @Override
    public Long map(Long value) throws InterruptedException {
      Thread.sleep(1);
      count++;
      COUNTED.set(count);
      return value;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      kept.update(List.of(count));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      kept =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>("count", Types.LONG));
      for (long before : kept.get()) {
        count = before;
        RESTORED.set(before);
      }
    }
  }
}
